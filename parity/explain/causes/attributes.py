"""Has the same op another attribute? Stride, padding, slope, training flag...

Certain: two ops of one type work on the same operands, or on the same variable,
and an attribute differs. The flag that chooses the training branch is a cause
of its own.
"""

from __future__ import annotations

from typing import Dict, List, Optional

from parity.explain.causes import constants
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib

# Attributes that follow from others, or from how a side runs.
_FOLLOWING = frozenset(
  (
    "N",
    "T",
    "Tidx",
    "Tshape",
    "dtype",
    "exponential_avg_factor",
    "index_type",
    "out_type",
    "seed",
    "seed2",
    "use_cudnn_on_gpu",
  )
)
_PADS = ("MirrorPad", "Pad", "PadV2")
_BRANCH = ("is_training", "training")


def is_following(name: str) -> bool:
  """Whether an attribute only follows from others, or from how a side runs."""
  return name in _FOLLOWING


def shown(value: object) -> str:
  """An attribute in a message; TensorFlow keeps its numbers in float32."""
  return constants.number(value) if isinstance(value, float) else repr(value)


def differing(
  tf1: trace_lib.OpRecord, tf2: trace_lib.OpRecord
) -> Dict[str, List[object]]:
  """Attributes with other values, as [tf1's, tf2's] by name."""
  found: Dict[str, List[object]] = {}
  for name, value in tf1.attributes.items():
    if name in _FOLLOWING or name not in tf2.attributes:
      continue
    if tf2.attributes[name] != value:
      found[name] = [value, tf2.attributes[name]]
  return found


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where corresponding ops of one type differ in an attribute."""
  pair = place.pair
  if pair is not None and pair.tf1.op_type == pair.tf2.op_type:
    found = differing(pair.tf1, pair.tf2)
    if found:
      return finding_of(place, pair, found)
  for other in place.same_type_pairs():
    found = differing(other.tf1, other.tf2)
    if found and _is_near(place, other):
      return finding_of(place, other, found)
  return None


def _is_near(place: place_lib.Place, other: place_lib.OpPair) -> bool:
  """Whether one of the two is at the frontier, the other at most a step on."""
  first = (place.tf1_op, place.tf2_op)
  if other.tf1 in first or other.tf2 in first:
    return True
  made = set(first[0].outputs if first[0] else ())
  return bool(made & set(other.tf1.inputs))


def finding_of(
  place: place_lib.Place,
  pair: place_lib.OpPair,
  found: Dict[str, List[object]],
  *,
  note: str = "",
) -> report_lib.Finding:
  """The finding for attributes that differ, as [tf1's, tf2's] by name."""
  branch = [name for name in _BRANCH if name in found]
  listed = "; ".join(
    f"{name} is {shown(values[0])} on tf1, {shown(values[1])} in the port"
    for name, values in found.items()
  )
  largest, relative = place_lib.figures(place)
  if branch:
    return report_lib.Finding(
      cause="training_flag",
      message=(
        f"{place_lib.named(pair.tf1)} runs the other branch in the port:"
        f" {listed}. {note}".rstrip()
      ),
      hint=(
        "Pass training=training to that layer; compat.v1.layers take"
        " training=False where nothing is passed."
      ),
      where=place_lib.where_of(place, pair=pair),
      max_abs=largest,
      max_rel=relative,
    )
  extra = ""
  wanted = ", ".join(f"{name}={shown(v[0])}" for name, v in found.items())
  hint = f"Give the port's layer or op what tf1 has: {wanted}."
  first = place.tf1_op
  if first is not None and first is not pair.tf1:
    extra = f" Before it tf1 runs {place_lib.named(first)}."
    if first.op_type in _PADS and "padding" in found:
      hint = f"Pad by hand as tf1 does, and give the port {wanted} then."
  return report_lib.Finding(
    cause="op_attribute",
    message=(
      f"The same {pair.tf1.op_type} has another attribute: {listed}"
      f" ({pair.tf1.name}).{extra} {note}".rstrip()
    ),
    hint=hint,
    where=place_lib.where_of(place, pair=pair),
    max_abs=largest,
    max_rel=relative,
    details=tuple(
      f"{name}: tf1 {shown(values[0])}, tf2 {shown(values[1])}"
      for name, values in found.items()
    ),
  )
