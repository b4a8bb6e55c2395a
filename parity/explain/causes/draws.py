"""Do the same draws go to other ops? A dropout mask that changed its place.

Certain: both ops are of one type, and every operand of both has a partner, so
the same numbers were drawn on both sides. What each op combines with its draw
is combined with another draw on the other side, so nothing is dropped that the
other side does not drop.
"""

from __future__ import annotations

from typing import List, Optional, Set

from parity.explain import frontier
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib

_RANDOM = ("Random", "TruncatedNormal", "Multinomial", "Stateless")
# From a random op to what a dropout multiplies or selects by.
_MOST_STEPS = 8


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where a draw of both sides is used at another place."""
  left, right = place.tf1_op, place.tf2_op
  if left is None or right is None or left.op_type != right.op_type:
    return None
  if not all(place.partners.has("tf1", t) for t in left.inputs):
    return None
  if not all(place.partners.has("tf2", t) for t in right.inputs):
    return None
  ours = _drawn(left, place.tf1)
  theirs = _drawn(right, place.tf2)
  if ours is None or theirs is None:
    return None
  if not _has_draw_of_its_own(left, "tf1", place):
    return None
  if not _has_draw_of_its_own(right, "tf2", place):
    return None
  return report_lib.Finding(
    cause="random_order",
    message=(
      f"Both sides draw the same numbers, but they go to other ops:"
      f" {place_lib.named(left)} on tf1 and {place_lib.named(right)} in the"
      f" port combine what is drawn by {place_lib.named(ours)} and"
      f" {place_lib.named(theirs)} with other tensors."
    ),
    hint=(
      "This alone is no difference of the model. Run the random ops in tf1's"
      " order, or set `operation_seed` of the random tool around those that"
      " moved."
    ),
    where=place_lib.where_of(place),
  )


def _has_draw_of_its_own(
  op: trace_lib.OpRecord, side: str, place: place_lib.Place
) -> bool:
  """Whether the other side combines the op's data with a draw as well."""
  trace, other = place.tf1, place.tf2
  partners = place.partners.of_tf1
  if side == "tf2":
    trace, other, partners = other, trace, place.partners.of_tf2
  data = {
    mate
    for operand in op.inputs
    if _random_op(operand, trace) is None
    and trace.tensors[operand].root != "constant"
    for mate in partners.get(operand, ())
  }
  return any(
    each.op_type == op.op_type
    and data.intersection(each.inputs)
    and _drawn(each, other) is not None
    for each in other.ops
  )


def _drawn(
  op: trace_lib.OpRecord, trace: trace_lib.Trace
) -> Optional[trace_lib.OpRecord]:
  """The random op of which alone an operand is made; None without one."""
  found = (_random_op(operand, trace) for operand in op.inputs)
  return next((each for each in found if each is not None), None)


def _random_op(
  operand: int, trace: trace_lib.Trace
) -> Optional[trace_lib.OpRecord]:
  """The random op of which alone a tensor is made; None where it is data."""
  made_by = frontier.producers(trace)
  stack: List[int] = [operand]
  seen: Set[int] = set()
  random = None
  while stack:
    tensor = stack.pop()
    if trace.tensors[tensor].root == "constant":
      continue
    if tensor not in made_by or len(seen) > _MOST_STEPS:
      return None
    number = made_by[tensor]
    if number in seen:
      continue
    seen.add(number)
    maker = trace.ops[number]
    if maker.op_type.startswith(_RANDOM):
      random = maker
    else:
      stack.extend(maker.inputs)
  return random
