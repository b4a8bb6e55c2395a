"""Which one change makes the port agree? A trial decides, not a likeness.

1. `edits` proposes changes of single ops of the port, each with a value or a
   form that tf1 has there.
2. A trial trace holds for each edit a copy of what the port computes from the
   changed op on, without partners; the likely edits are tried first, the others
   only where none of them mends the output.
3. An edit whose copy gives tf1's output is the cause: with that one change the
   sides agree. Failing that, an edit after which the changed op gives a tensor
   of the tf1 side that had no partner is the cause of this divergence, and
   another one lies behind.

Certain where it finds something. It finds nothing where two changes are needed
at once, where the region holds ops that cannot be run again, or is too large.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, List, Optional, Sequence

import numpy as np

from parity.explain import edits as edits_lib
from parity.explain import numbers
from parity.explain import partners as partners_lib
from parity.explain.causes import place as place_lib
from parity.records import trace as trace_lib

Replay = Callable[[trace_lib.Trace], trace_lib.Trace]

_MOST_TRIALS = 96
# How many edits are tried at once, at first and later.
_BATCHES = (16, 32, 48)
_MOST_REGION_OPS = 160
_MOST_BYTES = 64 << 20
# What an edit may leave of the difference.
_LEFT_OVER = 0.01
# How near a tensor of the trial must come to one of tf1's to be it.
_SAME = 1e-6


@dataclasses.dataclass(frozen=True, eq=False)
class Repair:
  """A change of the port that was tried and mends it.

  Attributes:
    edit: the change.
    is_whole: the output agrees with it; else only the changed op's result.
    before: largest difference of the output without it.
    after: the same with it.
  """

  edit: edits_lib.Edit
  is_whole: bool
  before: float
  after: float


def find(place: place_lib.Place, replay: Replay) -> Optional[Repair]:
  """The edit that makes the output agree, or at least the changed op.

  Args:
    place: the divergence; its traces hold values.
    replay: runs a trace's ops.
  """
  name = place.divergence.output
  target = place.tf1.tensors[place.tf1.outputs[name]]
  before = _gap(target.value, place.tf2.tensors[place.tf2.outputs[name]].value)
  if before is None or before == 0 or not _is_manageable(place):
    return None
  edits = edits_lib.candidates(place)[: _trials(place)]
  found: List[Repair] = []
  for size in _BATCHES:
    tried, edits = edits[:size], edits[size:]
    if tried:
      found.extend(_tried(place, tried, before, replay))
    whole = [repair for repair in found if repair.is_whole]
    if whole:
      best = min(repair.after for repair in whole)
      enough = max(4 * best, 1e-9 * target.peak)
      mended = [repair for repair in whole if repair.after <= enough]
      return min(mended, key=_is_far_fetched)
  return found[0] if found else None


def _is_far_fetched(repair: Repair) -> bool:
  """Whether a constant comes from an op of another type than that it is put in.

  Where both sides have the same op with another constant, that is told, though
  the same number put in earlier gives the same.
  """
  edit = repair.edit
  return edit.kind == "constant" and (
    edit.donor is None or edit.donor.op_type != edit.op.op_type
  )


def _tried(
  place: place_lib.Place,
  edits: Sequence[edits_lib.Edit],
  before: float,
  replay: Replay,
) -> List[Repair]:
  """The edits that mend the output or the changed op, by one trial."""
  output = place.tf2.outputs[place.divergence.output]
  target = place.tf1.tensors[place.tf1.outputs[place.divergence.output]]
  trial = _Trial(place)
  copies = [trial.add(edit) for edit in edits]
  # What is looked at stays, however large the rest of the trial is.
  wanted = [
    copy[tensor]
    for edit, copy in zip(edits, copies)
    for tensor in (output, *place.tf2.ops[edit.number].outputs)
    if tensor in copy
  ]
  run = replay(trial.trace(wanted))
  found: List[Repair] = []
  for edit, copy in zip(edits, copies):
    after = _gap(target.value, _value(run, copy.get(output)))
    if after is not None and after <= _LEFT_OVER * before:
      found.append(Repair(edit, True, before, after))
    elif _gives_a_tensor_of_tf1(edit, copy, run, place):
      found.append(Repair(edit, False, before, before))
  return found


def applied(trace: trace_lib.Trace, edit: edits_lib.Edit) -> trace_lib.Trace:
  """The port's trace with an edit made; its values are those from before."""
  tensors = list(trace.tensors)
  ops = list(trace.ops)
  if edit.value is not None:
    tensors.append(edits_lib.constant(edit.value))
  for number, op in ((edit.number, edit.op), *edit.others.items()):
    inputs = tuple(len(tensors) - 1 if t < 0 else t for t in op.inputs)
    ops[number] = dataclasses.replace(op, inputs=inputs)
  return dataclasses.replace(trace, ops=tuple(ops), tensors=tuple(tensors))


def _is_manageable(place: place_lib.Place) -> bool:
  return len(edits_lib.reach(place)) <= _MOST_REGION_OPS and _trials(place) > 0


def _trials(place: place_lib.Place) -> int:
  """How many copies of the region memory allows."""
  size = sum(
    _bytes(place.tf2.tensors[tensor])
    for number in edits_lib.reach(place)
    for tensor in place.tf2.ops[number].outputs
  )
  return min(_MOST_TRIALS, _MOST_BYTES // max(size, 1))


def _bytes(record: trace_lib.TensorRecord) -> int:
  return 0 if record.value is None else record.value.nbytes


class _Trial:
  """A trace with a copy, for each edit, of what depends on the changed op."""

  def __init__(self, place: place_lib.Place) -> None:
    self._place = place
    self._ops: List[trace_lib.OpRecord] = []
    self._tensors: List[trace_lib.TensorRecord] = []
    self._given: Dict[int, int] = {}

  def add(self, edit: edits_lib.Edit) -> Dict[int, int]:
    """Adds a copy; returns its tensor by the port's tensor."""
    made: Dict[int, int] = {}
    for number in edits_lib.reach(self._place):
      changed = edit.change(number)
      op = changed or self._place.tf2.ops[number]
      if changed is None and not made.keys() & set(op.inputs):
        continue
      inputs = tuple(self._operand(t, made, edit) for t in op.inputs)
      for tensor in op.outputs:
        record = self._place.tf2.tensors[tensor]
        made[tensor] = self._new(trace_lib.TensorRecord((), record.dtype))
      outputs = tuple(made[tensor] for tensor in op.outputs)
      self._ops.append(dataclasses.replace(op, inputs=inputs, outputs=outputs))
    return made

  def trace(self, wanted: Sequence[int]) -> trace_lib.Trace:
    """The trial; the values of these tensors are wanted."""
    return trace_lib.Trace(
      tuple(self._ops), tuple(self._tensors), wanted=tuple(wanted)
    )

  def _operand(
    self, tensor: int, made: Dict[int, int], edit: edits_lib.Edit
  ) -> int:
    if tensor < 0:
      assert edit.value is not None
      return self._new(edits_lib.constant(edit.value))
    if tensor in made:
      return made[tensor]
    if tensor not in self._given:
      self._given[tensor] = self._new(self._place.tf2.tensors[tensor])
    return self._given[tensor]

  def _new(self, record: trace_lib.TensorRecord) -> int:
    self._tensors.append(record)
    return len(self._tensors) - 1


def _value(
  trace: trace_lib.Trace, tensor: Optional[int]
) -> Optional[np.ndarray]:
  return None if tensor is None else trace.tensors[tensor].value


def _gap(
  left: Optional[np.ndarray], right: Optional[np.ndarray]
) -> Optional[float]:
  """Largest difference; integers and truth values count as numbers."""
  if left is None or right is None or left.shape != right.shape:
    return None
  a, b = numbers.widened(left), numbers.widened(right)
  if a is None or b is None or a.shape != b.shape or a.size == 0:
    return None
  if not np.array_equal(np.isfinite(a), np.isfinite(b)):
    return None
  with np.errstate(all="ignore"):
    gap = np.abs(a - b)
  known = gap[np.isfinite(gap)]
  return float(np.max(known)) if known.size else None


def _gives_a_tensor_of_tf1(
  edit: edits_lib.Edit,
  copy: Dict[int, int],
  run: trace_lib.Trace,
  place: place_lib.Place,
) -> bool:
  """Whether the changed op's result is now one that only tf1 had."""
  for tensor in place.tf2.ops[edit.number].outputs:
    record = run.tensors[copy[tensor]]
    if record.value is None or record.value.size < 2 or not _varies(record):
      continue
    if any(
      partners_lib.distance(other, record, closeness=_SAME) <= _SAME
      for other in _made_by_tf1(place, record.value.size)
    ):
      return True
  return False


def _varies(record: trace_lib.TensorRecord) -> bool:
  return record.value is not None and bool(
    np.any(record.value != record.value.reshape(-1)[0])
  )


def _made_by_tf1(
  place: place_lib.Place, size: int
) -> Sequence[trace_lib.TensorRecord]:
  found = []
  for number in place.tf1_region.ops:
    for tensor in place.tf1.ops[number].outputs:
      record = place.tf1.tensors[tensor]
      if record.value is not None and record.value.size == size:
        found.append(record)
  return found
