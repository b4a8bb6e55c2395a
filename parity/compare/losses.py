"""Do the regularisation losses agree, and if not, which of them does not?

1. The totals are compared as the guide does: the sum of the values in float64
   on either side, under the limit for the name `regularization`.
2. The losses are matched one to one: first by the variable that they penalise,
   where both sides know it, then by value, nearest first.
3. Two values match within their share of the tolerance: atol divided by the
   number of losses, so that many small errors cannot hide in one large limit.
   Rounding of one loss is allowed for by a relative 1e-5.
4. What stays unmatched is named. Where all unmatched pairs differ by one
   factor, that factor is the cause (`tf.nn.l2_loss` halves, Keras' l2 doesn't).

Matching by value is heuristic: equal losses are interchangeable. The totals
and the lists of what is unmatched are certain.
"""

from __future__ import annotations

import bisect
import dataclasses
import math
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from parity.compare import factors
from parity.compare import values
from parity.records import recording
from parity.records import report
from parity.records import tolerance as tolerance_lib

TOTAL = "regularization"
"""Name of the total, for the policy and in the report."""

# What rounding may do to one loss, a sum over a whole variable.
_ROUNDING = 1e-5

# How well the quotients of several pairs must agree to be one factor.
_SAME_FACTOR = 1e-4


_Losses = List[recording.LossRecord]


@dataclasses.dataclass(frozen=True, eq=False)
class LossPair:
  """A loss of either side that belong together.

  Attributes:
    reference: the reference's loss.
    other: the other side's loss.
    by: how they were matched, `variable`, `value` or `rank`.
  """

  reference: recording.LossRecord
  other: recording.LossRecord
  by: str

  @property
  def factor(self) -> float:
    """Other / reference; NaN where the reference is 0."""
    reference = value_of(self.reference)
    return value_of(self.other) / reference if reference else math.nan


@dataclasses.dataclass(frozen=True, eq=False)
class LossComparison:
  """How the regularisation losses of two sides compare.

  Attributes:
    total: the comparison of the sums.
    reference_total: sum of the reference's values in float64.
    other_total: sum of the other side's values in float64.
    matched: pairs that agree.
    differing: pairs on the same variable whose values differ.
    unmatched_reference: losses of the reference without a partner.
    unmatched_other: losses of the other side without a partner.
    repeated: of `unmatched_other`, those that repeat a matched loss, as when
      a loss is added at every call; each with the reference's loss.
    common_factor: other / reference of all that differ; None for no such.
    factor_name: a plain name of that factor, such as `2` or `1/2`.
  """

  total: report.Comparison
  reference_total: float
  other_total: float
  matched: Tuple[LossPair, ...] = ()
  differing: Tuple[LossPair, ...] = ()
  unmatched_reference: Tuple[recording.LossRecord, ...] = ()
  unmatched_other: Tuple[recording.LossRecord, ...] = ()
  repeated: Tuple[LossPair, ...] = ()
  common_factor: Optional[float] = None
  factor_name: Optional[str] = None

  @property
  def is_match(self) -> bool:
    """Whether the totals agree, which is what the guide asks for."""
    return self.total.is_match

  @property
  def is_attributed(self) -> bool:
    """Whether every loss has a partner that agrees with it."""
    return not (
      self.differing or self.unmatched_reference or self.unmatched_other
    )


def compare_losses(
  reference: Sequence[recording.LossRecord],
  other: Sequence[recording.LossRecord],
  *,
  policy: tolerance_lib.TolerancePolicy,
) -> LossComparison:
  """Compares the regularisation losses of two sides.

  >>> halved = [recording.LossRecord("a", np.float32(0.5), variable="w")]
  >>> whole = [recording.LossRecord("b", np.float32(1.0), variable="w")]
  >>> found = compare_losses(
  ...   halved, whole, policy=tolerance_lib.TolerancePolicy()
  ... )
  >>> found.is_match, found.factor_name
  (False, '2')

  Args:
    reference: the reference's losses.
    other: the other side's losses.
    policy: the limits; the one for `regularization` holds.
  """
  limit = policy.for_name(TOTAL)
  reference_total = sum_of(reference)
  other_total = sum_of(other)
  total = _compare_totals(
    reference_total,
    other_total,
    tolerance=limit,
    dtype=_common_dtype((*reference, *other)),
  )
  share = tolerance_lib.Tolerance(
    rtol=max(limit.rtol, _ROUNDING),
    atol=limit.atol / max(len(reference), len(other), 1),
  )
  by_variable, left, right = _match_variables(reference, other)
  matched = [pair for pair in by_variable if _agree(pair, share)]
  differing = [pair for pair in by_variable if not _agree(pair, share)]
  by_value, left, right = _match_values(left, right, share)
  matched += by_value
  factor = _common_factor(differing, left, right)
  return LossComparison(
    total=total,
    reference_total=reference_total,
    other_total=other_total,
    matched=tuple(matched),
    differing=tuple(differing),
    unmatched_reference=tuple(left),
    unmatched_other=tuple(right),
    repeated=tuple(_repeated(matched, right, share)),
    common_factor=factor,
    factor_name=None if factor is None else factors.name_of(factor),
  )


def _common_dtype(losses: Sequence[recording.LossRecord]) -> np.dtype:
  """The one dtype of all losses, else float64."""
  found = {np.asarray(loss.value).dtype for loss in losses}
  dtype = found.pop() if len(found) == 1 else np.dtype(np.float64)
  return dtype if dtype.kind == "f" else np.dtype(np.float64)


def _compare_totals(
  reference: float,
  other: float,
  *,
  tolerance: tolerance_lib.Tolerance,
  dtype: np.dtype,
) -> report.Comparison:
  """Compares the sums; the distance in ulp is that of the losses' own dtype."""
  total, narrow = (
    values.compare_arrays(
      np.array(reference, kind),
      np.array(other, kind),
      tolerance=tolerance,
      kind="loss",
      name=TOTAL,
    )
    for kind in (np.dtype(np.float64), dtype)
  )
  return dataclasses.replace(
    total, max_ulp=narrow.max_ulp, ulp_histogram=narrow.ulp_histogram
  )


def value_of(loss: recording.LossRecord) -> float:
  """A loss's value in float64; one that is no scalar is summed."""
  return float(np.sum(np.asarray(loss.value).astype(np.float64)))


def sum_of(losses: Sequence[recording.LossRecord]) -> float:
  """The sum of the losses in float64, as the guide takes it; 0 for none."""
  return float(np.sum([value_of(loss) for loss in losses], dtype=np.float64))


def _match_variables(
  reference: Sequence[recording.LossRecord],
  other: Sequence[recording.LossRecord],
) -> Tuple[
  List[LossPair], List[recording.LossRecord], List[recording.LossRecord]
]:
  """Pairs losses whose variable is known and has one loss on either side."""
  by_variable: Dict[str, Tuple[_Losses, _Losses]] = {}
  for side, losses in enumerate((reference, other)):
    for loss in losses:
      if loss.variable is not None:
        by_variable.setdefault(loss.variable, ([], []))[side].append(loss)
  pairs = [
    LossPair(reference=left[0], other=right[0], by="variable")
    for left, right in by_variable.values()
    if len(left) == 1 and len(right) == 1
  ]
  taken = {id(loss) for pair in pairs for loss in (pair.reference, pair.other)}
  return (
    pairs,
    [loss for loss in reference if id(loss) not in taken],
    [loss for loss in other if id(loss) not in taken],
  )


def _match_values(
  reference: Sequence[recording.LossRecord],
  other: Sequence[recording.LossRecord],
  share: tolerance_lib.Tolerance,
) -> Tuple[
  List[LossPair], List[recording.LossRecord], List[recording.LossRecord]
]:
  """Pairs losses of equal value, nearest first; never two known variables."""
  by_rank = sorted(range(len(other)), key=lambda i: _sort_value(other[i]))
  keys = [_sort_value(other[i]) for i in by_rank]
  candidates = []
  for index, loss in enumerate(reference):
    value = value_of(loss)
    reach = share.allowed(value) if math.isfinite(value) else 0.0
    key = _sort_value(loss)
    first = bisect.bisect_left(keys, key - reach)
    for rank in range(first, len(keys)):
      if keys[rank] > key + reach:
        break
      place = by_rank[rank]
      pair = LossPair(reference=loss, other=other[place], by="value")
      if _agree(pair, share) and not _contradict(pair):
        distance = abs(keys[rank] - key) if math.isfinite(key) else 0.0
        candidates.append((distance, index, place, pair))
  candidates.sort(key=lambda candidate: candidate[:3])
  left_taken, right_taken, pairs = set(), set(), []
  for _, index, place, pair in candidates:
    if index not in left_taken and place not in right_taken:
      left_taken.add(index)
      right_taken.add(place)
      pairs.append((index, pair))
  return (
    [pair for _, pair in sorted(pairs, key=lambda item: item[0])],
    [each for i, each in enumerate(reference) if i not in left_taken],
    [each for i, each in enumerate(other) if i not in right_taken],
  )


def _common_factor(
  differing: Sequence[LossPair],
  left: Sequence[recording.LossRecord],
  right: Sequence[recording.LossRecord],
) -> Optional[float]:
  """The one factor between all that differ; None where there is none."""
  pairs = list(differing)
  if len(left) != len(right):
    return None
  ranked = zip(sorted(left, key=_sort_value), sorted(right, key=_sort_value))
  pairs += [LossPair(reference=a, other=b, by="rank") for a, b in ranked]
  quotients = [pair.factor for pair in pairs]
  if not quotients or not all(math.isfinite(each) for each in quotients):
    return None
  middle = sorted(quotients)[len(quotients) // 2]
  if any(abs(each - middle) > _SAME_FACTOR * abs(middle) for each in quotients):
    return None
  return middle


def _repeated(
  matched: Sequence[LossPair],
  unmatched: Sequence[recording.LossRecord],
  share: tolerance_lib.Tolerance,
) -> List[LossPair]:
  """The unmatched losses that equal a matched one and may be it again."""
  found = []
  for loss in unmatched:
    for known in matched:
      pair = LossPair(reference=known.other, other=loss, by="value")
      if value_of(loss) and _agree(pair, share) and not _contradict(pair):
        found.append(dataclasses.replace(pair, reference=known.reference))
        break
  return found


def _agree(pair: LossPair, share: tolerance_lib.Tolerance) -> bool:
  """Whether two losses have one value."""
  left, right = value_of(pair.reference), value_of(pair.other)
  if not (math.isfinite(left) and math.isfinite(right)):
    return left == right or (math.isnan(left) and math.isnan(right))
  return abs(right - left) <= share.allowed(left)


def _contradict(pair: LossPair) -> bool:
  """Whether two losses are known to penalise unlike variables."""
  variables = {pair.reference.variable, pair.other.variable}
  return None not in variables and len(variables) > 1


def _sort_value(loss: recording.LossRecord) -> float:
  """A loss's value, with NaN in a place of its own."""
  value = value_of(loss)
  return -math.inf if math.isnan(value) else value
