"""Does one side take the biased variance, and the other the unbiased one?

Certain, as far as the numbers go: a tensor that the other side does not have is
n / (n - 1) times one of the other side in every element, or the reverse, and n
is how many elements one of the two was reduced from. Fused batch norm gives its
moving variance by n - 1, `tf.nn.moments` and Keras 3 theirs by n.

A CPU kernel of fused batch norm keeps the variance by n among its reserve
outputs, beside the one by n - 1 that it gives. So those outputs do not count,
and neither does a tensor that the other side has but for rounding.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Sequence

import numpy as np

from parity.explain import frontier
from parity.explain.causes import place as place_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib

_REDUCTIONS = ("Mean", "Sum", "EuclideanNorm")
# Result, mean and variance; what follows is a kernel's own affair.
_NORM_RESULTS = 3
_PASSING = ("Identity", "Mul", "RealDiv", "Reshape", "Squeeze")
# How well every element must have the factor, relative to its distance from 1.
_ACCURACY = 1e-2
_ROUNDING = 1e-6
_MOST_TENSORS = 200


@dataclasses.dataclass(frozen=True, eq=False)
class _Variance:
  """A tensor that may be a variance.

  Attributes:
    tensor: its number.
    op: what makes it.
    value: its elements.
    count: how many elements each was reduced from.
  """

  tensor: int
  op: trace_lib.OpRecord
  value: np.ndarray
  count: int


def explain(place: place_lib.Place) -> Optional[report_lib.Finding]:
  """A finding where variances differ by n / (n - 1)."""
  left = _variances(place.tf1, place.tf1_region)
  right = _variances(place.tf2, place.tf2_region)
  for ours in left:
    for theirs in right:
      is_lone = not (
        place.partners.of_tf1.get(ours.tensor)
        and place.partners.of_tf2.get(theirs.tensor)
      )
      if not is_lone or ours.value.size != theirs.value.size:
        continue
      for count in {ours.count, theirs.count}:
        factor = count / (count - 1.0)
        if _has(right, ours, factor) and _has(left, theirs, factor):
          continue
        if _is_times(ours.value, theirs.value, factor):
          return _finding(place, theirs, ours, count=count, is_tf1=True)
        if _is_times(theirs.value, ours.value, factor):
          return _finding(place, ours, theirs, count=count, is_tf1=False)
  return None


def _has(
  others: Sequence[_Variance], variance: _Variance, factor: float
) -> bool:
  """Whether a side has a variance, or one much nearer to it than a factor."""
  return any(
    other.value.size == variance.value.size
    and _is_near(other.value, variance.value, factor)
    for other in others
  )


def _variances(
  trace: trace_lib.Trace, region: frontier.Region
) -> List[_Variance]:
  """What a region reads and makes that comes of a reduction."""
  made_by = frontier.producers(trace)
  numbers: Dict[int, None] = {}
  for number in region.ops:
    op = trace.ops[number]
    numbers.update(dict.fromkeys((*op.inputs, *op.outputs)))
  found = []
  for tensor in list(numbers)[:_MOST_TENSORS]:
    value = trace.tensors[tensor].value
    if value is None or not value.size or value.dtype.kind != "f":
      continue
    if np.any(value < 0) or not np.any(value):
      continue
    count = _count(trace, made_by, tensor)
    if count is not None and count > 1:
      op = trace.ops[made_by[tensor]]
      flat = np.asarray(value, np.float64).reshape(-1)
      found.append(_Variance(tensor, op, flat, count))
  return found


def _count(
  trace: trace_lib.Trace, made_by: Dict[int, int], tensor: int
) -> Optional[int]:
  """How many elements each of a tensor was reduced from; None for none."""
  size = trace.tensors[tensor].size
  for _ in range(len(_PASSING)):
    if tensor not in made_by:
      return None
    op = trace.ops[made_by[tensor]]
    is_norm = op.op_type.startswith("FusedBatchNorm")
    if is_norm and tensor in op.outputs[_NORM_RESULTS:]:
      return None
    if op.op_type in _REDUCTIONS or (is_norm and "Grad" not in op.op_type):
      return int(trace.tensors[op.inputs[0]].size // max(size, 1))
    if op.op_type not in _PASSING:
      return None
    tensor = next(
      (t for t in op.inputs if trace.tensors[t].size == size and t in made_by),
      -1,
    )
  return None


def _is_times(whole: np.ndarray, part: np.ndarray, factor: float) -> bool:
  """Whether one is `factor` times the other, and not equal to it."""
  return factor - 1.0 > 10 * _ROUNDING and _is_near(
    whole, factor * part, factor
  )


def _is_near(value: np.ndarray, wanted: np.ndarray, factor: float) -> bool:
  """Whether every element is far nearer than the factor would bring it."""
  allowed = (_ACCURACY * (factor - 1.0) + _ROUNDING) * np.abs(wanted)
  return bool(np.all(np.abs(value - wanted) <= allowed))


def _finding(
  place: place_lib.Place,
  biased: _Variance,
  unbiased: _Variance,
  *,
  count: int,
  is_tf1: bool,
) -> report_lib.Finding:
  ours, theirs = (unbiased, biased) if is_tf1 else (biased, unbiased)
  words: Sequence[str] = ("unbiased", "biased")
  if not is_tf1:
    words = words[::-1]
  name = place.divergence.output
  about = name[len("final:") :] if name.startswith("final:") else name
  pair = place_lib.OpPair(ours.op, theirs.op)
  largest = float(np.max(np.abs(ours.value - theirs.value)))
  return report_lib.Finding(
    cause="op_structure",
    message=(
      f"{about} gets the {words[0]} variance on tf1"
      f" ({place_lib.named(ours.op)}), the {words[1]} one in the port"
      f" ({place_lib.named(theirs.op)}): over {count} elements, n against"
      f" n - 1, they differ by {count} / {count - 1}."
    ),
    hint=(
      "Fused batch norm moves its variance by n - 1, tf.nn.moments and Keras 3"
      " divide by n: multiply by n / (n - 1), or use the same op on both sides."
    ),
    where=place_lib.where_of(place, pair=pair),
    max_abs=largest,
    max_rel=1.0 / count,
  )
