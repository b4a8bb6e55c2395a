"""Does one side compute in another floating dtype there?

Certain: the ops do the same, and their floating dtype attributes differ; or all
that lies between an operand of one and its partner on the other side is casts
to another floating dtype and back.
"""

from __future__ import annotations

from typing import Dict, Optional, Tuple

from parity.explain import frontier
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib

_FLOATING = ("float16", "bfloat16", "float32", "float64")


def floating_dtypes(op: trace_lib.OpRecord) -> Dict[str, str]:
  """The op's floating dtype attributes by name."""
  return {
    name: value
    for name, value in op.attributes.items()
    if isinstance(value, str) and value in _FLOATING
  }


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where the two ops compute in other floating dtypes."""
  pair = place.pair
  if pair is None:
    return None
  cast = _cast(place) or _cast_before(place)
  if cast is not None:
    return cast
  left, right = floating_dtypes(pair.tf1), floating_dtypes(pair.tf2)
  differing = [
    name for name in left if right.get(name, left[name]) != left[name]
  ]
  if not differing:
    return None
  name = differing[0]
  return _finding(place, pair, left[name], right[name])


def _cast(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where one side casts to another floating dtype, and only it."""
  pair = place.pair
  assert pair is not None
  casts = [
    op.op_type == "Cast"
    and op.attributes.get("SrcT") in _FLOATING
    and op.attributes.get("DstT") in _FLOATING
    for op in (pair.tf1, pair.tf2)
  ]
  if casts == [True, True]:
    left, right = pair.tf1.attributes["DstT"], pair.tf2.attributes["DstT"]
  elif casts == [True, False]:
    left, right = pair.tf1.attributes["DstT"], pair.tf1.attributes["SrcT"]
  elif casts == [False, True]:
    left, right = pair.tf2.attributes["SrcT"], pair.tf2.attributes["DstT"]
  else:
    return None
  if left == right:
    return None
  return _finding(place, pair, str(left), str(right))


def _cast_before(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where casts alone part the operands of two like ops."""
  pair = place.pair
  assert pair is not None
  ours, theirs = pair.tf1, pair.tf2
  if ours.op_type != theirs.op_type or len(ours.inputs) != len(theirs.inputs):
    return None
  narrow: Optional[Tuple[str, str]] = None
  for left, right in zip(ours.inputs, theirs.inputs):
    if place.partners.are(left, right):
      continue
    before, dtype = _through_casts(place.tf2, right)
    if dtype is not None and place.partners.are(left, before):
      narrow = (place.tf1.tensors[left].dtype, dtype)
      continue
    before, dtype = _through_casts(place.tf1, left)
    if dtype is None or not place.partners.are(before, right):
      return None
    narrow = (dtype, place.tf2.tensors[right].dtype)
  if narrow is None:
    return None
  return _finding(
    place,
    pair,
    *narrow,
    message=(
      f"What {ours.op_type} gets went through {narrow[0]} on the tf1 side"
      f" ({ours.name}), through {narrow[1]} in the port ({theirs.name}): a cast"
      " alone parts the two."
    ),
  )


def _through_casts(
  trace: trace_lib.Trace, tensor: int
) -> Tuple[int, Optional[str]]:
  """The tensor before floating casts, and the narrowest dtype on the way."""
  made_by = frontier.producers(trace)
  narrowest: Optional[str] = None
  while tensor in made_by:
    op = trace.ops[made_by[tensor]]
    dtypes = (op.attributes.get("SrcT"), op.attributes.get("DstT"))
    if op.op_type != "Cast" or any(each not in _FLOATING for each in dtypes):
      break
    for each in (*dtypes, narrowest):
      if isinstance(each, str) and (
        narrowest is None or _FLOATING.index(each) < _FLOATING.index(narrowest)
      ):
        narrowest = each
    tensor = op.inputs[0]
  return tensor, narrowest


def _finding(
  place: place_lib.Place,
  pair: place_lib.OpPair,
  left: str,
  right: str,
  *,
  message: str = "",
) -> report_lib.Finding:
  largest, relative = place_lib.figures(place)
  return report_lib.Finding(
    cause="precision",
    message=message
    or (
      f"{pair.tf1.op_type} computes in {left} on the tf1 side"
      f" ({pair.tf1.name}), in {right} in the port"
      f" ({place_lib.named(pair.tf2)});"
      " its operands agree to that precision, its results do not."
    ),
    hint=(
      "Compute in the same dtype: cast where tf1 casts. A Keras layer casts its"
      " floating inputs to its own dtype unless it has autocast=False or"
      " dtype='float64'."
    ),
    where=place_lib.where_of(place),
    max_abs=largest,
    max_rel=relative,
  )
