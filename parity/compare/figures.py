"""How far apart are two blocks of any numbers, against a tolerance?

In float64, whatever the numbers: `quick` is the quick way for blocks of
finite numbers of ordinary size. Counts, statuses, distances in ulp and the
place of the worst hold exactly; `passing_atol` is rounded up, never down.
"""

from __future__ import annotations

import math
from typing import Tuple, Union

import numpy as np

from parity.compare import tally as tally_lib
from parity.records import tolerance as tolerance_lib

# BLAS starts threads of its own for longer dot products.
_DOT = 8192

Places = Union[int, np.ndarray]
"""Where elements lie: the place of the first, or the place of each."""


def add_carefully(
  tally: tally_lib.Tally,
  limit: tolerance_lib.Tolerance,
  *,
  places: Places,
  reference: np.ndarray,
  other: np.ndarray,
) -> np.ndarray:
  """Adds a block of any floating or complex numbers.

  Args:
    tally: what to add to.
    limit: the tolerance.
    places: where the elements lie.
    reference: one axis, of a floating or complex type.
    other: of the same type.

  Returns:
    Which elements are finite on both sides, as booleans.
  """
  finite = np.isfinite(reference) & np.isfinite(other)
  tally.elements += reference.size
  if not finite.all():
    odd = np.flatnonzero(~finite)
    _add_nonfinite(tally, limit, _at(places, odd), reference[odd], other[odd])
    kept = np.flatnonzero(finite)
    places = _at(places, kept)
    reference, other = reference[kept], other[kept]
  if reference.dtype.kind == "f" and reference.dtype.itemsize <= 8:
    reference = reference.astype(np.float64)
    other = other.astype(np.float64)
  difference = np.absolute(other - reference).astype(np.float64)
  magnitude = np.absolute(reference).astype(np.float64)
  add_differences(
    tally,
    limit,
    places=places,
    difference=difference,
    magnitude=magnitude,
    values=(reference, other),
  )
  return finite


def add_differences(
  tally: tally_lib.Tally,
  limit: tolerance_lib.Tolerance,
  *,
  places: Places,
  difference: np.ndarray,
  magnitude: np.ndarray,
  values: Tuple[np.ndarray, np.ndarray],
) -> None:
  """Adds pairs of finite numbers by their differences; not their count.

  Args:
    tally: what to add to.
    limit: the tolerance.
    places: where the elements lie.
    difference: |other - reference|, float64.
    magnitude: |reference|, float64.
    values: reference and other, to show the worst.
  """
  if not difference.size:
    return
  tally.numbers += difference.size
  max_abs = float(difference.max())
  tally.max_abs = max(tally.max_abs, max_abs)
  if max_abs:
    scaled = difference / max_abs if math.isfinite(max_abs) else difference
    scale = max_abs if math.isfinite(max_abs) else 1.0
    tally.add_norm(scale * math.sqrt(sum_of_squares(scaled)))
  tally.max_rel = max(tally.max_rel, largest_quotient(difference, magnitude))
  share = magnitude * limit.rtol
  allowed = share + limit.atol
  beyond = int(np.count_nonzero(difference > allowed))
  tally.mismatched += beyond
  tally.passing = max(tally.passing, passing_atol(difference, share))
  times = difference / allowed
  times[difference == 0] = 0  # Where nothing is allowed, 0 / 0.
  index = int(np.argmax(times))
  worst = float(times[index])
  if worst > tally.worst.times:
    # A quotient may round to 1 though the difference is larger.
    worst = max(worst, float(np.nextafter(1, 2))) if beyond else worst
    tally.add_worst(
      tally_lib.Worst(
        times=worst,
        index=int(_at(places, np.array([index]))[0]),
        reference=as_number(values[0][index]),
        other=as_number(values[1][index]),
        allowed=float(allowed[index]),
      )
    )


def passing_atol(difference: np.ndarray, share: np.ndarray) -> float:
  """The smallest atol that passes these, given what rtol allows them.

  Args:
    difference: |other - reference|, float64.
    share: rtol * |reference|, float64.

  Returns:
    An atol with `difference <= atol + share` everywhere in float64.
  """
  excess = difference - share
  over = np.flatnonzero(excess > 0)
  if not over.size:
    return 0.0
  # The sum atol + share rounds by less than this.
  margin = np.finfo(np.float64).eps * 2 * difference[over]
  return float((excess[over] + margin).max())


def as_number(value: np.generic) -> float:
  """A number to show: a complex one by its magnitude."""
  return float(np.absolute(value) if value.dtype.kind == "c" else value)


def count_nonfinite(values: np.ndarray) -> np.ndarray:
  """Counts NaN, +inf and -inf; a complex infinity counts as +inf."""
  nan = int(np.count_nonzero(np.isnan(values)))
  infinite = int(np.count_nonzero(np.isinf(values)))
  negative = 0
  if values.dtype.kind != "c":
    negative = int(np.count_nonzero(np.isneginf(values)))
  return np.array([nan, infinite - negative, negative], np.int64)


def _add_nonfinite(
  tally: tally_lib.Tally,
  limit: tolerance_lib.Tolerance,
  places: np.ndarray,
  reference: np.ndarray,
  other: np.ndarray,
) -> None:
  """Adds pairs of which at least one is no finite number; not their count."""
  tally.reference_nonfinite += count_nonfinite(reference)
  tally.other_nonfinite += count_nonfinite(other)
  same = (reference == other) | (np.isnan(reference) & np.isnan(other))
  if same.all():
    return
  tally.mismatched += int(np.count_nonzero(~same))
  tally.passing = math.inf
  first = int(np.argmin(same))
  left = as_number(reference[first])
  tally.add_worst(
    tally_lib.Worst(
      times=math.inf,
      index=int(places[first]),
      reference=left,
      other=as_number(other[first]),
      allowed=limit.allowed(left) if math.isfinite(left) else 0.0,
    )
  )


def largest_quotient(numerator: np.ndarray, denominator: np.ndarray) -> float:
  """Largest quotient where the denominator, at least 0, is not 0."""
  if denominator.min() > 0:
    return float(np.divide(numerator, denominator).max())
  nonzero = np.flatnonzero(denominator)
  if not nonzero.size:
    return 0.0
  return float((numerator[nonzero] / denominator[nonzero]).max())


def sum_of_squares(values: np.ndarray) -> float:
  """Sum of squares, in pieces that BLAS does by itself."""
  total = 0.0
  for start in range(0, values.size, _DOT):
    piece = values[start : start + _DOT]
    total += float(np.dot(piece, piece))
  return total


def _at(places: Places, indices: np.ndarray) -> np.ndarray:
  """The places of some of the elements."""
  found: np.ndarray = (
    indices + places if isinstance(places, int) else places[indices]
  )
  return found
