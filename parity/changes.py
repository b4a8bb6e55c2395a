"""What would change if one golden took the place of another, and by how much?

Recordings are paired by their Request, tensors by what they are and their name,
and compared bit by bit: nothing here passes by a tolerance. The case's limits
only say how large a change is. What a comparison of tensors cannot see, such as
another version or another order of random ops, is told in words.
"""

from __future__ import annotations

from typing import Dict, List, Mapping

import numpy as np

from parity.compare import identities
from parity.compare import pairs
from parity.records import changes as changes_lib
from parity.records import golden as golden_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib


def between(
  before: golden_lib.Golden, after: golden_lib.Golden
) -> changes_lib.Changes:
  """What changes where `after` takes the place of `before`."""
  old = {r.request: r for r in before.recordings}
  new = {r.request: r for r in after.recordings}
  return changes_lib.Changes(
    recordings=tuple(
      _between(old[request], new[request], after)
      for request in new
      if request in old
    ),
    added=tuple(request for request in new if request not in old),
    removed=tuple(request for request in old if request not in new),
    identity=identities.differences(before.identity, after.identity),
  )


def _between(
  before: recording_lib.Recording,
  after: recording_lib.Recording,
  golden: golden_lib.Golden,
) -> changes_lib.RecordingChange:
  old, new = tensors_of(before), tensors_of(after)
  found: List[report_lib.Comparison] = []
  for kind in new:
    found.extend(
      pairs.compare_named(
        old[kind],
        new[kind],
        kind=kind,
        policy=golden.case.tolerances,
        orders={name: place for place, name in enumerate(new[kind])},
      )
    )
  return changes_lib.RecordingChange(
    after.request, tuple(found), tuple(_remarks(before, after))
  )


def tensors_of(
  recording: recording_lib.Recording,
) -> Mapping[str, Dict[str, np.ndarray]]:
  """Every tensor of a recording: by what it is, then by its name."""
  loss = {} if recording.loss is None else {"loss": recording.loss}
  return {
    "input": dict(recording.inputs),
    "initial": _values(recording, "initial"),
    "output": {o.path: o.value for o in recording.outputs},
    "loss": {**{each.name: each.value for each in recording.losses}, **loss},
    "final": _values(recording, "final"),
    "gradient": {
      g.variable: g.value for g in recording.gradients if g.value is not None
    },
    "slot": {
      f"step {number}: {name}": value
      for number, step in enumerate(recording.steps, start=1)
      for name, value in (*step.variables.items(), *step.slots.items())
    },
    "draw": {
      f"{op.index}: {op.name}": op.value
      for op in recording.random_ops
      if op.value is not None
    },
  }


def _values(
  recording: recording_lib.Recording, moment: str
) -> Dict[str, np.ndarray]:
  return {
    variable.name: getattr(variable, moment)
    for variable in recording.variables
    if getattr(variable, moment) is not None
  }


def _remarks(
  before: recording_lib.Recording, after: recording_lib.Recording
) -> List[str]:
  """What a comparison of values does not tell."""
  found: List[str] = []
  old = [(v.name, v.shape, v.dtype, v.trainable) for v in before.variables]
  new = [(v.name, v.shape, v.dtype, v.trainable) for v in after.variables]
  if old != new:
    lost = sorted({v[0] for v in old} - {v[0] for v in new})
    gained = sorted({v[0] for v in new} - {v[0] for v in old})
    parts = [f"without {', '.join(lost[:4])}"] if lost else []
    parts += [f"with {', '.join(gained[:4])}"] if gained else []
    detail = " and ".join(parts) or "in another order, or with other properties"
    found.append(f"The variables come {detail}.")
  ops = [
    [(op.op_type, op.attributes) for op in recording.trace.ops]
    for recording in (before, after)
    if recording.trace is not None
  ]
  if len(ops) == 2 and ops[0] != ops[1]:
    found.append(
      f"The ops are others ({len(ops[0])} before, {len(ops[1])} after), or have"
      " other attributes."
    )
  drawn = [
    [(op.op_type, op.shape, op.op_seed) for op in recording.random_ops]
    for recording in (before, after)
  ]
  if drawn[0] != drawn[1]:
    found.append(
      f"The random ops are others ({len(drawn[0])} before, {len(drawn[1])}"
      " after), or in another order."
    )
  return found
