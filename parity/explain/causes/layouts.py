"""Does the same op get the same values in another shape or layout?

Certain: two ops of one type have partners for all operands, and one of the
operands agrees only after its axes are permuted, or in another shape. Where
both sides bring it there by the same op with another setting (an equation, a
permutation, a shape), that setting is the cause; else the ops before it are.

So is it where axes were turned and then folded: no permutation of what is left
tells it, but the operand of one side comes from the other's through a Transpose
that the other side does not run.
"""

from __future__ import annotations

import dataclasses
from typing import List, NamedTuple, Optional, Tuple

from parity.explain import frontier
from parity.explain import partners as partners_lib
from parity.explain.causes import attributes
from parity.explain.causes import constants
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib

_MOVING = frozenset(
  ("ExpandDims", "Identity", "Reshape", "Squeeze", "Transpose")
)
_HINT = (
  "Transpose or reshape as the tf1 line does; square matrices and axes of equal"
  " length hide it from every check of shapes."
)


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where one operand has another layout."""
  pair = place.pair
  if pair is None or not _is_same_but_for_layout(place, pair):
    return _turned_before(place)
  operands = list(zip(pair.tf1.inputs, pair.tf2.inputs))
  for position, (a, b) in enumerate(operands):
    if not _is_in_place(place, a, b):
      return _setting(place, a, b) or _finding(place, pair, position, a, b)
  return None


def _is_same_but_for_layout(
  place: place_lib.Place, pair: place_lib.OpPair
) -> bool:
  """Whether two ops of one type have partners for all operands."""
  return (
    pair.tf1.op_type == pair.tf2.op_type
    and len(pair.tf1.inputs) == len(pair.tf2.inputs)
    and all(
      place.partners.are(a, b) for a, b in zip(pair.tf1.inputs, pair.tf2.inputs)
    )
  )


def _is_in_place(place: place_lib.Place, a: int, b: int) -> bool:
  return partners_lib.is_in_place(
    place.tf1.tensors[a],
    place.tf2.tensors[b],
    closeness=partners_lib.CLOSENESS,
  )


def _setting(
  place: place_lib.Place, a: int, b: int
) -> Optional[report_lib.Finding]:
  """What differs where the operand gets its layout, by an op of one type."""
  made1, made2 = frontier.producers(place.tf1), frontier.producers(place.tf2)
  left, right = made1.get(a), made2.get(b)
  moved: Optional[Tuple[int, int]] = (a, b)
  while moved is not None and left is not None and right is not None:
    ours, theirs = place.tf1.ops[left], place.tf2.ops[right]
    pair = place_lib.OpPair(ours, theirs)
    if ours.op_type != theirs.op_type:
      return None
    moved = None
    if _is_same_but_for_layout(place, pair):
      operands = zip(ours.inputs, theirs.inputs)
      moved = next((p for p in operands if not _is_in_place(place, *p)), None)
    if moved is not None:
      left, right = made1.get(moved[0]), made2.get(moved[1])
  if left is None or right is None:
    return None
  before = dataclasses.replace(
    place,
    divergence=dataclasses.replace(place.divergence, tf1=left, tf2=right),
  )
  found = attributes.differing(ours, theirs)
  if found:
    return attributes.finding_of(before, pair, found)
  return constants.explain(before)


def _turned_before(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """What differs where only one side transposes before it reshapes."""
  left, right = place.tf1_op, place.tf2_op
  if left is None or right is None or left.op_type != right.op_type:
    return None
  for a, b in zip(left.inputs, right.inputs):
    ours, theirs = _moves(place.tf1, a), _moves(place.tf2, b)
    turns = [
      [op for op in moves.ops if op.op_type == "Transpose"]
      for moves in (ours, theirs)
    ]
    if (
      place.partners.are(a, b)
      or bool(turns[0]) == bool(turns[1])
      or not place.partners.are(ours.start, theirs.start)
    ):
      continue
    turn = (turns[0] or turns[1])[-1]
    who, other = ("tf1", "the port") if turns[0] else ("the port", "tf1")
    pair = place_lib.OpPair(
      turn if turns[0] else (ours.ops or (left,))[0],
      turn if turns[1] else (theirs.ops or (right,))[0],
    )
    largest, relative = place_lib.figures(place)
    return report_lib.Finding(
      cause="op_structure",
      message=(
        f"{left.op_type} ({left.name}) gets the same values in another order:"
        f" {who} runs {place_lib.named(turn)} before it, {other} does not."
      ),
      hint=_HINT,
      where=place_lib.where_of(place, pair=pair),
      max_abs=largest,
      max_rel=relative,
    )
  return None


class _Moves(NamedTuple):
  """Ops that only move values, the last one first, and what they start from."""

  ops: Tuple[trace_lib.OpRecord, ...]
  start: int


def _moves(trace: trace_lib.Trace, tensor: int) -> _Moves:
  made_by = frontier.producers(trace)
  ops: List[trace_lib.OpRecord] = []
  while tensor in made_by:
    op = trace.ops[made_by[tensor]]
    if op.op_type not in _MOVING or not op.inputs:
      break
    ops.append(op)
    tensor = op.inputs[0]
  return _Moves(tuple(ops), tensor)


def _maker(trace: trace_lib.Trace, tensor: int) -> str:
  number = frontier.producers(trace).get(tensor)
  if number is None:
    return trace.tensors[tensor].root or "nothing that was seen"
  return place_lib.named(trace.ops[number])


def _finding(
  place: place_lib.Place,
  pair: place_lib.OpPair,
  position: int,
  a: int,
  b: int,
) -> report_lib.Finding:
  left, right = place.tf1.tensors[a], place.tf2.tensors[b]
  largest, relative = place_lib.figures(place)
  shapes = (
    f"in shape {list(left.shape)} on tf1 and {list(right.shape)} in the port"
    if left.shape != right.shape
    else f"with other axes first, though both have shape {list(left.shape)}"
  )
  return report_lib.Finding(
    cause="op_structure",
    message=(
      f"{pair.tf1.op_type} ({pair.tf1.name}) gets the same values in another"
      f" layout: operand {position} comes {shapes}. It is made by"
      f" {_maker(place.tf1, a)} on tf1, by {_maker(place.tf2, b)} in the port."
    ),
    hint=_HINT,
    where=place_lib.where_of(place),
    max_abs=largest,
    max_rel=relative,
  )
