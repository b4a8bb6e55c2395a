"""What if the port's random numbers cannot be aligned? It gets the reference's.

Keras 3 and `tf.random.Generator` draw from streams of their own, whatever seed
is set, and versions of Keras differ in theirs. Then seeds align nothing, but
the model can still be checked:

1. Where initialisers of one side escape the alignment, the tf1 side's initial
   weights are carried over to the port, variable by variable.
2. With them goes what the tf1 side's forward pass drew, such as dropout masks:
   the port's random ops are given those numbers, in order.
3. The check then judges that run. A note says what was given and which part of
   the model was therefore not compared: the initialisers.

Nothing is given where the check came to a result without it.
"""

from __future__ import annotations

import dataclasses
import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

import numpy as np

from parity.checks import check as check_lib
from parity.golden import tensors
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.records import request as request_lib

Ask = Callable[[request_lib.Request], recording_lib.Recording]


@dataclasses.dataclass(frozen=True, eq=False)
class Carried:
  """A check with weights and draws carried over.

  Attributes:
    evidence: what was judged instead.
    result: what it came to.
  """

  evidence: check_lib.Evidence
  result: report_lib.CheckResult


def judge_again(
  check: check_lib.Check,
  evidence: check_lib.Evidence,
  *,
  ask: Ask,
  folder: str,
) -> Optional[Carried]:
  """Judges a check that random streams kept from a result.

  Args:
    check: the check.
    evidence: what it judged.
    ask: records another Request.
    folder: where the files of weights and draws are written.

  Returns:
    None where the streams are aligned, or the weights were given already.

  Raises:
    ParityError: what the tf1 side drew cannot be had, or given to the port.
  """
  plan = evidence.plan
  if plan.tf1 is None or plan.tf2.weights != "initial":
    return None
  tf1 = evidence.tf1
  escaped = [
    (side, op)
    for side, recording in (("tf1", tf1), ("tf2", evidence.tf2))
    for op in recording.random_ops
    if op.op_seed is None
  ]
  if not escaped or plan.tf2.mode == "graph":
    return None
  if any(_lacks_value(op) for op in tf1.random_ops):
    tf1 = ask(dataclasses.replace(plan.tf1, draws=True))
  number = len(os.listdir(folder))
  weights = os.path.join(folder, f"{number}-weights.safetensors")
  draws = os.path.join(folder, f"{number}-draws.safetensors")
  tensors.write_tensors(weights, _initial_values(tf1), sync=False)
  tensors.write_tensors(draws, drawn_values(tf1), sync=False)
  carried = check_lib.Plan(
    tf1=dataclasses.replace(plan.tf1, weights="carried", weights_file=weights),
    tf2=dataclasses.replace(
      plan.tf2, weights="carried", weights_file=weights, draws_file=draws
    ),
  )
  side, first = escaped[0]
  of = f" of {first.variable}" if first.variable else ""
  count = len(drawn_values(tf1))
  drawn = f" and its {count} forward draw(s) replayed" if count else ""
  note = (
    f"{first.op_type}{of} on the {side} side, at {first.source}, draws from a"
    " stream that cannot be aligned, so the reference's initial weights were"
    f" carried over{drawn}: initialisers were not compared."
  )
  assert carried.tf1 is not None
  tf2 = without_initializers(ask(carried.tf2))
  again = check_lib.Evidence(
    evidence.facts,
    carried,
    {
      carried.tf1: without_initializers(tf1),
      carried.tf2: dataclasses.replace(tf2, notes=(*tf2.notes, note)),
    },
  )
  result = check.judge(again)
  return Carried(
    again, dataclasses.replace(result, notes=(note, *result.notes))
  )


def write(folder: str, arrays: Mapping[str, np.ndarray]) -> str:
  """Writes arrays into a new file that a Request may name; gives its path."""
  path = os.path.join(folder, f"{len(os.listdir(folder))}-probe.safetensors")
  tensors.write_tensors(path, arrays, sync=False)
  return path


def judge_behind(
  check: check_lib.Check,
  evidence: check_lib.Evidence,
  *,
  ask: Ask,
  folder: str,
) -> Optional[Carried]:
  """Judges a check whose initial weights differ with tf1's on both sides.

  What other initialisers hide comes to light: whether the sides compute the
  same from the same weights.

  Args:
    check: the check.
    evidence: what it judged.
    ask: records another Request.
    folder: where the file of weights is written.

  Returns:
    None where the weights were given already.

  Raises:
    ParityError: the weights cannot be given to a side.
  """
  plan = evidence.plan
  if plan.tf1 is None or plan.tf2.weights != "initial":
    return None
  weights = write(folder, _initial_values(evidence.tf1))
  given: Dict[str, Any] = {"weights": "carried", "weights_file": weights}
  carried = check_lib.Plan(
    tf1=dataclasses.replace(plan.tf1, **given),
    tf2=dataclasses.replace(plan.tf2, **given),
  )
  assert carried.tf1 is not None
  again = check_lib.Evidence(
    evidence.facts,
    carried,
    {
      carried.tf1: without_initializers(ask(carried.tf1)),
      carried.tf2: without_initializers(ask(carried.tf2)),
    },
  )
  return Carried(again, check.judge(again))


def _lacks_value(op: recording_lib.RandomOpRecord) -> bool:
  return op.variable is None and op.value is None


def _initial_values(
  recording: recording_lib.Recording,
) -> Dict[str, np.ndarray]:
  return {
    variable.tf1_name: variable.initial
    for variable in recording.variables
    if variable.initial is not None
  }


def drawn_values(
  recording: recording_lib.Recording,
) -> Dict[str, np.ndarray]:
  """What the forward pass drew: by `INDEX:TYPE`, sorted in order.

  A draw without a value ends the list: what follows could stand for another.
  """
  found: Dict[str, np.ndarray] = {}
  for op in recording.random_ops:
    if op.variable is not None:
      continue
    if op.value is None:
      break
    found[f"{len(found):06d}:{op.op_type}"] = op.value
  return found


def without_initializers(
  recording: recording_lib.Recording,
) -> recording_lib.Recording:
  """The recording with the forward pass's random ops only, numbered anew."""
  forward: List[recording_lib.RandomOpRecord] = [
    op for op in recording.random_ops if op.variable is None
  ]
  renumbered: Tuple[recording_lib.RandomOpRecord, ...] = tuple(
    dataclasses.replace(op, index=index) for index, op in enumerate(forward)
  )
  return dataclasses.replace(recording, random_ops=renumbered)
