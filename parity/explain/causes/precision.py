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
  left, right = floating_dtypes(pair.tf1), floating_dtypes(pair.tf2)
  differing = [
    name for name in left if right.get(name, left[name]) != left[name]
  ]
  if not differing:
    return None
  name = differing[0]
  largest, relative = place_lib.figures(place)
  return report_lib.Finding(
    cause="precision",
    message=(
      f"{pair.tf1.op_type} computes in {left[name]} on the tf1 side"
      f" ({pair.tf1.name}), in {right[name]} in the port ({pair.tf2.name});"
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
