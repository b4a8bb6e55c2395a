"""Do two sets of named tensors agree, and which differs first?

1. Tensors are paired by exact name. One without a partner is reported, never
   skipped and never paired with a similar name.
2. Each pair is compared under the limit that the policy has for its name.
3. Results come in the reference's execution order, then by name.

A pair may also pass and yet prove nothing: where all values are so small that
zeros would have passed as well, as happens deep in a network whose weights are
all 0.001. `is_trivial` says so.
"""

from __future__ import annotations

from typing import Iterable, Mapping, Optional, Sequence, Tuple

import numpy as np

from parity.compare import families
from parity.compare import values
from parity.records import report
from parity.records import tolerance as tolerance_lib

_NO_ORDERS: Mapping[str, int] = {}


def compare_named(
  reference: Mapping[str, np.ndarray],
  other: Mapping[str, np.ndarray],
  *,
  kind: str,
  policy: tolerance_lib.TolerancePolicy,
  orders: Mapping[str, int] = _NO_ORDERS,
) -> Tuple[report.Comparison, ...]:
  """Compares tensors by name.

  >>> found = compare_named(
  ...   {"a": np.zeros(2), "b": np.zeros(2)},
  ...   {"b": np.zeros(2), "c": np.zeros(2)},
  ...   kind="output",
  ...   policy=tolerance_lib.TolerancePolicy(),
  ... )
  >>> [(each.name, each.status) for each in found]
  [('a', 'missing_other'), ('b', 'equal'), ('c', 'missing_reference')]

  Args:
    reference: tensors by name.
    other: tensors by name.
    kind: what they are, a word of `report.Comparison.kind`.
    policy: the limit for each name.
    orders: place in the reference's execution order by name; what has none
      comes last.

  Returns:
    One comparison for each name on either side, sorted by order, then name.
  """
  found = []
  for name in set(reference) | set(other):
    order = orders.get(name, -1)
    if name in reference and name in other:
      comparison = values.compare_arrays(
        reference[name],
        other[name],
        tolerance=policy.for_name(name),
        kind=kind,
        name=name,
        order=order,
      )
    else:
      comparison = _unpaired(
        reference.get(name), other.get(name), kind=kind, name=name, order=order
      )
    found.append(comparison)
  return tuple(sorted(found, key=_in_order))


def first_mismatch(
  comparisons: Iterable[report.Comparison],
) -> Optional[report.Comparison]:
  """The first in execution order that is no match; None where all match."""
  unequal = [each for each in comparisons if not each.is_match]
  return min(unequal, key=_in_order) if unequal else None


def worst(
  comparisons: Iterable[report.Comparison],
) -> Optional[report.Comparison]:
  """The comparison furthest beyond its tolerance, or nearest to it.

  One that could not be measured (a missing partner, another shape) is worse
  than any that could; among equals the first in execution order is taken.
  """
  candidates = sorted(comparisons, key=_in_order)
  return max(candidates, key=_badness) if candidates else None


def is_trivial(
  comparison: report.Comparison,
  reference: np.ndarray,
  *,
  tolerance: tolerance_lib.Tolerance,
) -> bool:
  """Whether a comparison passes although it proves nothing.

  That is where zeros in place of the other side's values would pass as well:
  largest |reference| <= atol + rtol * |reference|, or there are no values.
  Values that agree bit for bit and are not all zero do prove something.

  >>> tiny = np.full(3, 1e-7)
  >>> passed = report.Comparison("output", "logits", "within")
  >>> is_trivial(passed, tiny, tolerance=tolerance_lib.Tolerance())
  True

  Args:
    comparison: the pair's comparison.
    reference: the reference's values.
    tolerance: the limit under which it passed.
  """
  if not comparison.is_match:
    return False
  reference = np.asarray(reference)
  if not reference.size:
    return True
  if families.family_of(reference.dtype) == families.EQUALITY:
    return False
  peak = values.largest_magnitude(reference)
  if not np.isfinite(peak):
    return False
  if comparison.status == "equal":
    return peak == 0
  return peak <= tolerance.allowed(peak)


def trivial_names(
  comparisons: Sequence[report.Comparison],
  reference: Mapping[str, np.ndarray],
  *,
  policy: tolerance_lib.TolerancePolicy,
) -> Tuple[str, ...]:
  """Names of the comparisons that pass although they prove nothing.

  Args:
    comparisons: what `compare_named` gave.
    reference: the tensors that were the reference, by name.
    policy: the limit for each name.
  """
  return tuple(
    each.name
    for each in comparisons
    if each.name in reference
    and is_trivial(
      each, reference[each.name], tolerance=policy.for_name(each.name)
    )
  )


def _unpaired(
  reference: Optional[np.ndarray],
  other: Optional[np.ndarray],
  *,
  kind: str,
  name: str,
  order: int,
) -> report.Comparison:
  """The comparison of a tensor that has no partner."""
  if reference is None:
    array = np.asarray(other)
    return report.Comparison(
      kind=kind,
      name=name,
      status="missing_reference",
      other_shape=array.shape,
      other_dtype=families.type_name(array),
      order=order,
    )
  array = np.asarray(reference)
  return report.Comparison(
    kind=kind,
    name=name,
    status="missing_other",
    reference_shape=array.shape,
    reference_dtype=families.type_name(array),
    order=order,
  )


def _in_order(comparison: report.Comparison) -> Tuple[bool, int, str]:
  """Sorts by execution order, unknown ones last, then by name."""
  return comparison.order < 0, comparison.order, comparison.name


def _badness(comparison: report.Comparison) -> Tuple[int, float]:
  """Sorts by how bad a comparison is."""
  if comparison.is_match:
    rank = 0
  elif comparison.times_tolerance is not None:
    rank = 1
  else:
    rank = 2
  return rank, comparison.times_tolerance or 0.0
