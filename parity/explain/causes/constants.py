"""Has the same op another constant operand? Epsilon, rate, scale, axis, size...

Certain: two ops of one type share their data operands, and at one position both
have a value that depends on no input and no variable, and these differ.
"""

from __future__ import annotations

from typing import Dict, Optional, Set

import numpy as np

from parity.explain import frontier
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib

_SHAPE_OPS = ("Shape", "ShapeN", "Rank", "Size")
# Where fused batch norm gets the moving mean and variance.
_STATISTICS = (3, 4)


def is_setting(
  trace: trace_lib.Trace, tensor: int, made_by: Dict[int, int]
) -> bool:
  """Whether a tensor depends on no input's and no variable's values."""
  stack = [tensor]
  seen: Set[int] = set()
  while stack:
    number = stack.pop()
    if number in seen:
      continue
    seen.add(number)
    if number in made_by:
      op = trace.ops[made_by[number]]
      if op.op_type not in _SHAPE_OPS:
        stack.extend(op.inputs)
    elif trace.tensors[number].root != "constant":
      return False
  return True


def shown(value: Optional[np.ndarray]) -> str:
  """A small array in a message."""
  if value is None:
    return "a value that was not kept"
  array = np.asarray(value)
  if array.size == 1:
    item = array.reshape(-1)[0]
    return number(float(item)) if array.dtype.kind == "f" else str(item)
  if array.size <= 8:
    return str(array.tolist())
  return f"{array.dtype.name}{list(array.shape)}"


def number(value: float) -> str:
  """A number as short as float32 tells it, where it is a float32.

  >>> number(float(np.float32(0.1)))
  '0.1'
  """
  short = float(str(np.float32(value)))
  return f"{short:g}" if np.float32(short) == value else f"{value:.9g}"


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where the two ops differ in a constant operand."""
  pair = place.pair
  if pair is None or pair.tf1.op_type != pair.tf2.op_type:
    return None
  left_made = frontier.producers(place.tf1)
  right_made = frontier.producers(place.tf2)
  taken: Set[int] = set()
  for position, (a, b) in enumerate(zip(pair.tf1.inputs, pair.tf2.inputs)):
    if place.partners.are(a, b):
      continue
    output = place.divergence.output
    if all(is_unread(op, position, output) for op in (pair.tf1, pair.tf2)):
      continue
    rest = [x for i, x in enumerate(pair.tf2.inputs) if i not in taken]
    swapped = [x for x in rest if place.partners.are(a, x)]
    if swapped or _is_same_axis(place, pair, a, b):
      continue
    if is_setting(place.tf1, a, left_made) and is_setting(
      place.tf2, b, right_made
    ):
      return _finding(place, pair, position, a, b)
  return None


def is_unread(op: trace_lib.OpRecord, position: int, output: str) -> bool:
  """Whether an operand has no part in an output of the trace.

  Batch norm in training normalises by the batch's statistics; the moving ones
  that it is given have a part in their own next values alone.
  """
  is_batch_norm = (
    op.op_type.startswith("FusedBatchNorm") and "Grad" not in op.op_type
  )
  if not is_batch_norm or op.attributes.get("is_training") is not True:
    return False
  moves = op.attributes.get("exponential_avg_factor", 1.0) != 1.0
  return position in _STATISTICS and not (moves and output.startswith("final:"))


def _is_same_axis(
  place: place_lib.Place, pair: place_lib.OpPair, a: int, b: int
) -> bool:
  """Whether two integers name the same axes, counted from either end."""
  left, right = place.tf1.tensors[a].value, place.tf2.tensors[b].value
  if left is None or right is None or left.shape != right.shape:
    return False
  if left.dtype.kind not in "iu" or right.dtype.kind not in "iu":
    return False
  ranks = [
    len(trace.tensors[operand].shape)
    for trace, op, own in (
      (place.tf1, pair.tf1, a),
      (place.tf2, pair.tf2, b),
    )
    for operand in op.inputs
    if operand != own
  ]
  rank = max(ranks, default=0)
  if rank == 0 or np.any(np.abs(left) > rank) or np.any(np.abs(right) > rank):
    return False
  # Certain only where one is negative: 1 and 4 of rank 3 are no axes.
  if not (np.any(left < 0) or np.any(right < 0)):
    return False
  return bool(np.array_equal(np.mod(left, rank), np.mod(right, rank)))


def _finding(
  place: place_lib.Place,
  pair: place_lib.OpPair,
  position: int,
  a: int,
  b: int,
) -> report_lib.Finding:
  left = shown(place.tf1.tensors[a].value)
  right = shown(place.tf2.tensors[b].value)
  largest, relative = place_lib.figures(place)
  return report_lib.Finding(
    cause="constant",
    message=(
      f"{pair.tf1.op_type} has another constant operand: {left} on the tf1 side"
      f" ({pair.tf1.name}), {right} in the port ({pair.tf2.name})."
    ),
    hint=(
      "Give the port tf1's value; an epsilon, a rate or a slope that nobody"
      " passes is a default, and the defaults of TF1 and Keras differ."
    ),
    where=place_lib.where_of(place),
    max_abs=largest,
    max_rel=relative,
    details=(f"operand {position}: tf1 {left}, tf2 {right}",),
  )
