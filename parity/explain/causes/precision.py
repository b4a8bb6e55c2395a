"""Does one side compute in another floating dtype there?

Certain: the ops do the same, and their floating dtype attributes differ.
"""

from __future__ import annotations

from typing import Dict, Optional

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
  cast = _cast(place)
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


def _finding(
  place: place_lib.Place, pair: place_lib.OpPair, left: str, right: str
) -> report_lib.Finding:
  largest, relative = place_lib.figures(place)
  return report_lib.Finding(
    cause="precision",
    message=(
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
