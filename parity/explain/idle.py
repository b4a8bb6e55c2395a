"""Which settings of the port differ from tf1's, and change nothing? A trial.

SAME and VALID are alike for a kernel of one pixel, a shape of -1 is what the
other side wrote out. Each setting in which two corresponding ops differ is
tried alone: where the port's op gives the same result with tf1's value, the
place is returned with that value in it, so that no rule takes it for a cause.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, Iterator, List, Set

import numpy as np

from parity.explain import edits as edits_lib
from parity.explain import frontier
from parity.explain.causes import attributes
from parity.explain.causes import constants
from parity.explain.causes import place as place_lib
from parity.records import trace as trace_lib

Replay = Callable[[trace_lib.Trace], trace_lib.Trace]

_MOST_EDITS = 32


@dataclasses.dataclass(frozen=True, eq=False)
class _Made:
  """The op that makes each tensor, by side."""

  tf1: Dict[int, int]
  tf2: Dict[int, int]


def without(place: place_lib.Place, replay: Replay) -> place_lib.Place:
  """The place with tf1's value for each setting that changes nothing."""
  tried = list(_edits(place))[:_MOST_EDITS]
  if not tried:
    return place
  run = replay(_trial(place.tf2, tried))
  idle = [
    edit
    for i, edit in enumerate(tried)
    if _is_same(run, run.ops[2 * i], run.ops[2 * i + 1])
  ]
  for edit in idle:
    place = _applied(place, edit)
  return place


def _edits(place: place_lib.Place) -> Iterator[edits_lib.Edit]:
  """One for each setting in which corresponding ops differ."""
  numbers = {id(op): n for n, op in enumerate(place.tf2.ops)}
  made = _Made(frontier.producers(place.tf1), frontier.producers(place.tf2))
  pairs = [] if place.pair is None else [place.pair]
  seen: Set[int] = set()
  for pair in (*pairs, *place.same_type_pairs()):
    number = numbers[id(pair.tf2)]
    if pair.tf1.op_type != pair.tf2.op_type or number in seen:
      continue
    seen.add(number)
    for name, (ours, theirs) in attributes.differing(
      pair.tf1, pair.tf2
    ).items():
      changed = {**pair.tf2.attributes, name: ours}
      op = dataclasses.replace(pair.tf2, attributes=changed)
      yield edits_lib.Edit(
        number, "attribute", name, ours, theirs, pair.tf1, op
      )
    yield from _constants(place, pair, number, made=made)


def _constants(
  place: place_lib.Place, pair: place_lib.OpPair, number: int, *, made: _Made
) -> Iterator[edits_lib.Edit]:
  for position, (a, b) in enumerate(zip(pair.tf1.inputs, pair.tf2.inputs)):
    ours, theirs = place.tf1.tensors[a].value, place.tf2.tensors[b].value
    if place.partners.are(a, b) or ours is None or theirs is None:
      continue
    if ours.dtype != theirs.dtype or not (
      constants.is_setting(place.tf1, a, made.tf1)
      and constants.is_setting(place.tf2, b, made.tf2)
    ):
      continue
    inputs = list(pair.tf2.inputs)
    inputs[position] = -1
    op = dataclasses.replace(pair.tf2, inputs=tuple(inputs))
    what = f"operand {position}"
    yield edits_lib.Edit(
      number, "constant", what, ours, theirs, pair.tf1, op, np.asarray(ours)
    )


def _trial(
  trace: trace_lib.Trace, tried: List[edits_lib.Edit]
) -> trace_lib.Trace:
  """For each edit the op as it is and with the edit, on recorded operands.

  It holds no other tensors of the trace: what holds them goes to a process.
  """
  tensors: List[trace_lib.TensorRecord] = []
  given: Dict[int, int] = {}
  ops: List[trace_lib.OpRecord] = []
  for edit in tried:
    for op in (trace.ops[edit.number], edit.op):
      inputs = []
      for operand in op.inputs:
        if operand < 0:
          assert edit.value is not None
          tensors.append(edits_lib.constant(edit.value))
          inputs.append(len(tensors) - 1)
          continue
        if operand not in given:
          given[operand] = len(tensors)
          record = trace.tensors[operand]
          tensors.append(dataclasses.replace(record, root="given"))
        inputs.append(given[operand])
      outputs = []
      for result in op.outputs:
        record = trace.tensors[result]
        tensors.append(trace_lib.TensorRecord((), record.dtype))
        outputs.append(len(tensors) - 1)
      ops.append(
        dataclasses.replace(op, inputs=tuple(inputs), outputs=tuple(outputs))
      )
  return trace_lib.Trace(tuple(ops), tuple(tensors))


def _is_same(
  run: trace_lib.Trace, one: trace_lib.OpRecord, two: trace_lib.OpRecord
) -> bool:
  """Whether both ops gave the same results, and gave any."""
  pairs = [
    (run.tensors[a], run.tensors[b]) for a, b in zip(one.outputs, two.outputs)
  ]
  return bool(pairs) and all(
    a.digest and a.digest == b.digest for a, b in pairs
  )


def _applied(place: place_lib.Place, edit: edits_lib.Edit) -> place_lib.Place:
  """The place with an edit made; a constant becomes the partner of tf1's."""
  now = place.tf2.ops[edit.number]
  attributes_now = {**now.attributes}
  inputs = list(now.inputs)
  if edit.kind == "attribute":
    attributes_now[edit.what] = edit.ours
  tensors = list(place.tf2.tensors)
  for position, operand in enumerate(edit.op.inputs):
    if operand < 0:
      assert edit.value is not None
      assert edit.donor is not None
      tensors.append(edits_lib.constant(edit.value))
      inputs[position] = len(tensors) - 1
      place.partners.add(edit.donor.inputs[position], inputs[position])
  op = dataclasses.replace(now, attributes=attributes_now, inputs=tuple(inputs))
  ops = (*place.tf2.ops[: edit.number], op, *place.tf2.ops[edit.number + 1 :])
  return dataclasses.replace(
    place,
    tf2=dataclasses.replace(place.tf2, ops=ops, tensors=tuple(tensors)),
  )
