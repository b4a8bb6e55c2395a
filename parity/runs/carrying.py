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

A loop of a TF1.x graph draws in each round from one random op, and its rounds
race for the numbers; a port that draws step by step can never be aligned with
that. There the rounds' draws are recorded one by one, and given to the port in
the same way (`judge_rounds`).
"""

from __future__ import annotations

import dataclasses
import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

import numpy as np

from parity import errors
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
  side, first = escaped[0]
  of = f" of {first.variable}" if first.variable else ""
  why = (
    f"{first.op_type}{of} on the {side} side, at {first.source}, draws from a"
    " stream that cannot be aligned"
  )
  return _with_draws(check, evidence, why, ask=ask, folder=folder)


def draws_in_loops(recording: recording_lib.Recording) -> bool:
  """Whether the forward pass draws in a loop of a graph."""
  return any(op.loop and op.variable is None for op in recording.random_ops)


def judge_rounds(
  check: check_lib.Check,
  evidence: check_lib.Evidence,
  *,
  ask: Ask,
  folder: str,
) -> Optional[Carried]:
  """Judges a check again where a loop of the tf1 graph draws in rounds.

  Args:
    check: the check.
    evidence: what it judged.
    ask: records another Request.
    folder: where the files of weights and draws are written.

  Returns:
    None where no loop draws, or the port was given draws already.

  Raises:
    ParityError: what the rounds drew cannot be had, or given to the port.
  """
  plan = evidence.plan
  if plan.tf1 is None or plan.tf2.draws_file is not None:
    return None
  looped = [op for op in evidence.tf1.random_ops if op.loop]
  if not looped or plan.tf2.mode == "graph":
    return None
  if plan.tf1.train_steps:
    raise errors.AlignmentError(
      "what the rounds drew is known for one forward pass, not for several"
      " updates"
    )
  why = (
    f"{looped[0].op_type} at {looped[0].source} draws in a loop of the tf1"
    " graph, whose rounds race for the numbers of its stream"
  )
  found = _with_draws(check, evidence, why, ask=ask, folder=folder)
  ours, given = (
    sum(1 for op in recording.random_ops if op.variable is None)
    for recording in (evidence.tf2, found.evidence.tf2)
  )
  # Keras embeds a port by calling it in a graph first, which never runs.
  if given < ours and plan.tf2.mode != "functional":
    raise errors.AlignmentError(
      f"{ours - given} of its {ours} random op(s) draw inside of a graph of its"
      " own, which takes no numbers."
    )
  return found


def _with_draws(
  check: check_lib.Check,
  evidence: check_lib.Evidence,
  why: str,
  *,
  ask: Ask,
  folder: str,
) -> Carried:
  """Judges a check with tf1's weights and draws given to the port."""
  plan, tf1 = evidence.plan, evidence.tf1
  assert plan.tf1 is not None
  if any(_lacks_value(op) for op in tf1.random_ops):
    tf1 = ask(dataclasses.replace(plan.tf1, draws=True))
  number = len(os.listdir(folder))
  draws = os.path.join(folder, f"{number}-draws.safetensors")
  _store(draws, drawn_values(tf1))
  given: Dict[str, Any] = {}
  if plan.tf2.weights == "initial":
    weights = os.path.join(folder, f"{number}-weights.safetensors")
    _store(weights, _initial_values(tf1))
    given = {"weights": "carried", "weights_file": weights}
  carried = check_lib.Plan(
    tf1=dataclasses.replace(plan.tf1, **given),
    tf2=dataclasses.replace(plan.tf2, draws_file=draws, **given),
  )
  count = len(drawn_values(tf1))
  drawn = f" and its {count} forward draw(s) replayed" if count else ""
  note = (
    f"{why}, so the reference's initial weights were carried over{drawn}:"
    " initialisers were not compared."
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
  """Writes arrays into a new file that a Request may name; gives its path.

  Raises:
    EnvironmentProblem: the system could not write it, such as a full disk.
  """
  path = os.path.join(folder, f"{len(os.listdir(folder))}-probe.safetensors")
  _store(path, arrays)
  return path


def _store(path: str, arrays: Mapping[str, np.ndarray]) -> None:
  try:
    tensors.write_tensors(path, arrays, sync=False)
  except OSError as error:
    raise errors.EnvironmentProblem(
      f"What is given to a side cannot be written to {path}: {error.strerror}."
      " TMPDIR names another place."
    ) from error


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
