"""How is the port led by the tf1 side? Its variables and gradients, each step.

Before each update the port's variables get tf1's values, and its optimizer is
given tf1's gradients. What differs then is the optimizer's doing alone, and the
port's own gradients are those at tf1's weights.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Dict, List, Mapping, Sequence, Set, Tuple

import numpy as np

from parity import errors
from parity.checks import check
from parity.checks.optimizers import settings
from parity.checks.optimizers import slots
from parity.checks.optimizers import updates
from parity.compare import noise
from parity.explain import floors
from parity.records import recording as recording_lib
from parity.records import request as request_lib


@dataclasses.dataclass(frozen=True, eq=False)
class Led:
  """The port's run led by tf1, and how its updates compare."""

  request: request_lib.Request
  recording: recording_lib.Recording
  compared: updates.Compared


def lead(
  evidence: check.Evidence, probes: check.Probes, *, own: bool = False
) -> Led:
  """Runs the port with tf1's variables and gradients.

  Args:
    evidence: both sides' own runs.
    probes: runs the port again.
    own: with the port's own gradients at tf1's variables.
  """
  tf1 = evidence.tf1
  start = {
    v.tf1_name: v.initial for v in tf1.variables if v.initial is not None
  }
  request = dataclasses.replace(
    evidence.plan.tf2,
    weights="carried",
    weights_file=probes.write(start),
    steps_file=probes.write(leading_arrays(tf1, own=own)),
    gradients=True,
  )
  return run(evidence, probes, request)


def leading_arrays(
  tf1: recording_lib.Recording, *, own: bool = False
) -> Dict[str, np.ndarray]:
  """What leads: `STEP:gradient:NAME`, not with `own`, `STEP:variable:NAME`."""
  found: Dict[str, np.ndarray] = {}
  for place, step in enumerate(tf1.steps):
    if not own:
      for name, value in step.gradients.items():
        found[f"{place}:gradient:{name}"] = value
    for name, value in step.variables.items():
      found[f"{place + 1}:variable:{name}"] = value
  return found


def run(
  evidence: check.Evidence,
  probes: check.Probes,
  request: request_lib.Request,
) -> Led:
  """Runs the port as a Request asks, and compares its updates with tf1's."""
  recording = probes.ask(request)
  compared = updates.compare(
    evidence.tf1, recording, policy=evidence.facts.tolerances
  )
  return Led(request, recording, compared)


def trainable(recording: recording_lib.Recording) -> Tuple[str, ...]:
  """What the optimizer moves."""
  moved: Set[str] = set()
  for step in recording.steps:
    moved.update(step.gradients)
  return tuple(v.tf1_name for v in recording.variables if v.tf1_name in moved)


def rule_floors(
  evidence: check.Evidence, probes: check.Probes, led: Led
) -> List[Dict[str, float]]:
  """How far an ulp moves what the rule gives, step by step.

  Moved are the gradients, and each setting that is a number: TF1.x takes beta_2
  as float32, Keras since 2.11 subtracts it from 1 before it does, and the two
  differences are 5e-5 apart.

  Returns:
    Floors by variable, and by `variable/slot` in tf1's form.
  """
  arrays = leading_arrays(evidence.tf1)
  requests: List[request_lib.Request] = []
  for seed in floors.SEEDS:
    rng = np.random.RandomState(seed)
    path = probes.write(
      {
        key: noise.moved(np.asarray(value), rng)
        if ":gradient:" in key
        else value
        for key, value in arrays.items()
      }
    )
    requests.append(dataclasses.replace(led.request, steps_file=path))
  moved = [probes.ask(request) for request in requests]
  found = [_floors_at(evidence.tf1, led.recording, moved)]
  assert led.recording.optimizer is not None
  settled = _settled(led, probes, _numbers(led.recording.optimizer))
  if settled:
    found.append(_floors_at(evidence.tf1, settled[0], settled[1:]))
  return [
    {
      name: max(each[name] for each in own)
      for name in own[0]
      if all(name in each for each in own)
    }
    for own in zip(*found)
  ]


def _floors_at(
  tf1: recording_lib.Recording,
  base: recording_lib.Recording,
  moved: Sequence[recording_lib.Recording],
) -> List[Dict[str, float]]:
  return [
    noise.floors_of(
      values_after(tf1, base, step),
      [values_after(tf1, other, step) for other in moved],
    )
    for step in range(len(base.steps))
  ]


def _settled(
  led: Led, probes: check.Probes, numbers: Mapping[str, float]
) -> List[recording_lib.Recording]:
  """The port with its settings put in as they are, an ulp down, an ulp up.

  Empty for a class of the user's own that takes none. One that is made again
  need not be what it was, so the first of the three is what an ulp is held
  against.
  """
  if not numbers:
    return []
  found = []
  for toward in (None, 0.0, 2.0):
    given = dict(numbers)
    if toward is not None:
      given = {
        name: float(np.nextafter(np.float32(value), np.float32(toward)))
        for name, value in numbers.items()
      }
    told = json.dumps(given)
    request = dataclasses.replace(led.request, optimizer_settings=told)
    try:
      found.append(probes.ask(request))
    except errors.ParityError:
      return []
  return found


def _numbers(
  record: recording_lib.OptimizerRecord,
) -> Dict[str, float]:
  """The settings that are numbers, but for the rate."""
  return {
    name: value
    for name, value in record.settings.items()
    if isinstance(value, float)
    and value
    and name != "learning_rate"
    and not name.startswith(settings.TOLD)
  }


def values_after(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording, step: int
) -> Dict[str, np.ndarray]:
  """The port's variables, and its slots in tf1's form, after an update."""
  paired = slots.pair(tf1, tf2, step)
  return {**tf2.steps[step].variables, **paired.tf2}


def values_of_tf1(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording, step: int
) -> Dict[str, np.ndarray]:
  """The tf1 side's variables, and the slots that the port has too."""
  return {**tf1.steps[step].variables, **slots.pair(tf1, tf2, step).tf1}
