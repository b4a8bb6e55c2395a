"""How far apart are two blocks of numbers, against a tolerance?

Two ways, chosen block by block:

1. *Quickly*: in the type of the numbers, in place, for blocks of finite
   numbers. float32 rounds; elements so near the tolerance that the bound on
   that rounding leaves a doubt are looked at again in float64.
2. *Carefully*: everything else, in float64.

Counts, statuses, distances in ulp and the place of the worst hold exactly. The
largest differences come from the type's own arithmetic, so a quick block gives
them to within one rounding; `passing_atol` is rounded up, never down.
"""

from __future__ import annotations

import math
from typing import Tuple, Union

import numpy as np

from parity.compare import tally as tally_lib
from parity.compare import ulp
from parity.records import tolerance as tolerance_lib

# BLAS starts threads of its own for longer dot products.
_DOT = 8192

# A quotient below this is below 1 in spite of its roundings.
_NEARLY = 0.999

# Squares of differences outside these bounds may leave the range of float32.
_SMALLEST = 1e-15
_LARGEST = 1e15

_EPSILON = {4: 2.0**-23, 8: 2.0**-52}

Places = Union[int, np.ndarray]
"""Where elements lie: the place of the first, or the place of each."""


def add_quickly(
  tally: tally_lib.Tally,
  limit: tolerance_lib.Tolerance,
  *,
  start: int,
  reference: np.ndarray,
  other: np.ndarray,
  scratch: np.ndarray,
) -> bool:
  """Adds a block of finite numbers of ordinary size.

  Args:
    tally: what to add to; untouched unless the block is added.
    limit: the tolerance.
    start: place of the block's first element.
    reference: float32 or float64, one axis.
    other: the same.
    scratch: four rows of the same type, at least as long.

  Returns:
    Whether the block was added; else it must be added carefully. Distances in
    ulp are for the caller to add.
  """
  difference, magnitude, share, allowed = scratch[:, : reference.size]
  make = reference.dtype.type
  np.subtract(other, reference, out=difference)
  np.absolute(difference, out=difference)
  max_abs = float(difference.max())
  if not _SMALLEST < max_abs < _LARGEST:  # Also where it is NaN.
    return False
  np.absolute(reference, out=magnitude)
  np.multiply(magnitude, make(limit.rtol), out=share)
  np.add(share, make(limit.atol), out=allowed)
  np.subtract(difference, share, out=share)
  excess = float(share.max())
  # Three roundings, each relative to numbers no larger than the difference.
  slack = 4 * _EPSILON[reference.dtype.itemsize] * max_abs
  np.divide(difference, allowed, out=allowed)
  index = int(np.argmax(allowed))
  times = float(allowed[index])
  if not math.isfinite(times):
    return False
  beyond = 0
  if excess + slack > limit.atol:
    beyond = _count_beyond(limit, reference, other, share, slack)
  worst = tally.worst
  if beyond or times > min(worst.times, _NEARLY):
    worst = _worst_at(limit, start, index, reference, other)
    if (worst.times > 1) != (beyond > 0):
      return False
  relative = _largest_quotient(difference, magnitude, out=magnitude)
  if not math.isfinite(relative):
    return False

  tally.elements += reference.size
  tally.numbers += reference.size
  tally.mismatched += beyond
  tally.max_abs = max(tally.max_abs, max_abs)
  tally.max_rel = max(tally.max_rel, relative)
  tally.add_norm(math.sqrt(_sum_of_squares(difference)))
  tally.add_worst(worst)
  if excess + slack > tally.passing:
    _add_passing(tally, limit, reference, other, share, excess, slack)
  return True


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
    tally.add_norm(scale * math.sqrt(_sum_of_squares(scaled)))
  tally.max_rel = max(tally.max_rel, _largest_quotient(difference, magnitude))
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


def add_bit_distances(
  tally: tally_lib.Tally, reference: np.ndarray, other: np.ndarray
) -> None:
  """Adds distances in ulp; the arguments are `ulp.signed_bits`."""
  tally.add_distances(ulp.bit_distance(reference, other))


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


def _count_beyond(
  limit: tolerance_lib.Tolerance,
  reference: np.ndarray,
  other: np.ndarray,
  excesses: np.ndarray,
  slack: float,
) -> int:
  """Counts what is beyond the tolerance in a quick block; exact.

  Args:
    limit: the tolerance.
    reference: the block.
    other: the block.
    excesses: |other - reference| - rtol * |reference|, rounded.
    slack: how far from the truth they may be.
  """
  make = excesses.dtype.type
  reached = excesses >= make((limit.atol - slack) * (1 - 1e-6))
  sure = np.count_nonzero(excesses > make((limit.atol + slack) * (1 + 1e-6)))
  if sure == np.count_nonzero(reached):
    return int(sure)
  near = np.flatnonzero(reached)
  left = reference[near].astype(np.float64)
  right = other[near].astype(np.float64)
  allowed = np.absolute(left) * limit.rtol + limit.atol
  return int(np.count_nonzero(np.absolute(right - left) > allowed))


def _worst_at(
  limit: tolerance_lib.Tolerance,
  start: int,
  index: int,
  reference: np.ndarray,
  other: np.ndarray,
) -> tally_lib.Worst:
  """One element of a quick block as its worst, in float64."""
  left, right = float(reference[index]), float(other[index])
  allowed = limit.allowed(left)
  return tally_lib.Worst(
    times=abs(right - left) / allowed,
    index=start + index,
    reference=left,
    other=right,
    allowed=allowed,
  )


def _add_passing(
  tally: tally_lib.Tally,
  limit: tolerance_lib.Tolerance,
  reference: np.ndarray,
  other: np.ndarray,
  excesses: np.ndarray,
  excess: float,
  slack: float,
) -> None:
  """Raises `passing` to what a quick block needs, of which `slack` is doubt."""
  if excess > 1000 * slack:
    tally.passing = excess + slack
    return
  doubtful = np.flatnonzero(excesses > tally.passing - slack)
  left = reference[doubtful].astype(np.float64)
  right = other[doubtful].astype(np.float64)
  found = passing_atol(
    np.absolute(right - left), np.absolute(left) * limit.rtol
  )
  tally.passing = max(tally.passing, found)


def _largest_quotient(
  numerator: np.ndarray,
  denominator: np.ndarray,
  out: Union[np.ndarray, None] = None,
) -> float:
  """Largest quotient where the denominator, at least 0, is not 0."""
  if denominator.min() > 0:
    return float(np.divide(numerator, denominator, out=out).max())
  # Mostly 0 / 0, as behind a ReLU: any other divisor serves there.
  smallest = np.nextafter(denominator.dtype.type(0), denominator.dtype.type(1))
  quotient = np.divide(numerator, np.maximum(denominator, smallest))
  if float(quotient.max()) < _LARGEST:
    return float(quotient.max())
  nonzero = np.flatnonzero(denominator)
  if not nonzero.size:
    return 0.0
  return float((numerator[nonzero] / denominator[nonzero]).max())


def _sum_of_squares(values: np.ndarray) -> float:
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
