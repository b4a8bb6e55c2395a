"""How far apart are two blocks of ordinary numbers, in few steps?

In the type of the numbers, in place, for blocks of finite numbers. float32
rounds; elements so near the tolerance, or so near the worst, that the bound on
that rounding leaves a doubt are looked at again in float64.

Counts, statuses and the place of the worst hold exactly. The largest
differences come from the type's own arithmetic, so a block gives them to within
one rounding; `passing_atol` is rounded up, never down.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Optional

import numpy as np

from parity.compare import figures
from parity.compare import tally as tally_lib
from parity.records import tolerance as tolerance_lib

# A quotient below this is below 1 in spite of its roundings.
_NEARLY = 0.999

# Squares of differences outside these bounds may leave the range of float32.
_SMALLEST = 1e-15
_LARGEST = 1e15

_EPSILON = {4: 2.0**-23, 8: 2.0**-52}


def add_block(
  tally: tally_lib.Tally,
  limit: tolerance_lib.Tolerance,
  *,
  start: int,
  reference: np.ndarray,
  other: np.ndarray,
  scratch: np.ndarray,
) -> Optional[float]:
  """Adds a block of finite numbers of ordinary size.

  What a figure of the block can be at most follows from the block's largest
  differences; where that raises nothing in the tally, it is not looked for.

  Args:
    tally: what to add to; untouched unless the block is added.
    limit: the tolerance.
    start: place of the block's first element.
    reference: float32 or float64, one axis.
    other: the same.
    scratch: three rows of the same type, at least as long.

  Returns:
    The largest relative difference; inf where a reference alone is 0; None
    where the block was not added and must be added carefully. Distances in ulp
    are for the caller to add.
  """
  difference, magnitude, share = scratch[:, : reference.size]
  np.subtract(other, reference, out=difference)
  np.absolute(difference, out=difference)
  max_abs = float(difference.max())
  if not _SMALLEST < max_abs < _LARGEST:  # Also where it is NaN.
    return None
  np.absolute(reference, out=magnitude)
  np.divide(difference, magnitude, out=share)
  quotient = float(share.max())
  if not math.isfinite(quotient):
    quotient = _quotient_among_zeros(difference, magnitude, out=share)
  relative = quotient
  if not quotient < _LARGEST:
    quotient = math.inf
    relative = figures.largest_quotient(difference, magnitude)
    if not math.isfinite(relative):
      return None
  block = _Block(limit, start, reference, other, difference, magnitude, share)
  epsilon = _EPSILON[reference.dtype.itemsize]
  beyond, passing, worst = 0, tally.passing, tally.worst
  if quotient * (1 + 4 * epsilon) > limit.rtol:
    # Three roundings, each relative to numbers no larger than the difference.
    found = block.excesses(tally.passing, 4 * epsilon * max_abs)
    beyond, passing = found.beyond, found.passing
  if beyond or _most_times(limit, max_abs, quotient) > worst.times:
    nearest = block.worst(worst, has_beyond=beyond > 0)
    if nearest is None:
      return None
    worst = nearest

  tally.elements += reference.size
  tally.numbers += reference.size
  tally.mismatched += beyond
  tally.max_abs = max(tally.max_abs, max_abs)
  tally.max_rel = max(tally.max_rel, relative)
  tally.add_norm(math.sqrt(figures.sum_of_squares(difference)))
  tally.add_worst(worst)
  tally.passing = max(tally.passing, passing)
  return quotient


def _most_times(
  limit: tolerance_lib.Tolerance, max_abs: float, quotient: float
) -> float:
  """What `times` of no element exceeds.

  Where all that is known is the largest absolute and relative difference, times
  grow with the reference up to where the two meet, and fall from there.
  """
  allowed = limit.atol + limit.rtol * (max_abs / quotient if quotient else 0.0)
  return max_abs / allowed * 1.0001 if allowed else math.inf


@dataclasses.dataclass(frozen=True)
class _Excesses:
  """How many are beyond the tolerance, and the atol that passes all."""

  beyond: int
  passing: float


@dataclasses.dataclass(frozen=True, eq=False)
class _Block:
  """A quick block, its differences and its magnitudes; `share` is scratch."""

  limit: tolerance_lib.Tolerance
  start: int
  reference: np.ndarray
  other: np.ndarray
  difference: np.ndarray
  magnitude: np.ndarray
  share: np.ndarray

  def excesses(self, passing: float, slack: float) -> _Excesses:
    """What |other - reference| - rtol * |reference| says; exact.

    Args:
      passing: the atol that passes what came before.
      slack: how far from the truth such a number may be.
    """
    limit, share = self.limit, self.share
    np.multiply(self.magnitude, share.dtype.type(limit.rtol), out=share)
    np.subtract(self.difference, share, out=share)
    excess = float(share.max())
    beyond = 0
    if excess + slack > limit.atol:
      beyond = _count_beyond(limit, self.reference, self.other, share, slack)
    if excess + slack > passing:
      passing = self._passing(passing, excess, slack)
    return _Excesses(beyond, passing)

  def _passing(self, passing: float, excess: float, slack: float) -> float:
    """The atol that passes these as well; `slack` of the excess is doubt."""
    if excess > 1000 * slack:
      return excess + slack
    doubtful = np.flatnonzero(self.share > passing - slack)
    left = self.reference[doubtful].astype(np.float64)
    right = self.other[doubtful].astype(np.float64)
    rtol = self.limit.rtol
    found = figures.passing_atol(
      np.absolute(right - left), np.absolute(left) * rtol
    )
    return max(passing, found)

  def worst(
    self, before: tally_lib.Worst, *, has_beyond: bool
  ) -> Optional[tally_lib.Worst]:
    """The worst of these and of what came before; None where it is unclear."""
    limit, share = self.limit, self.share
    make = share.dtype.type
    np.multiply(self.magnitude, make(limit.rtol), out=share)
    np.add(share, make(limit.atol), out=share)
    np.divide(self.difference, share, out=share)
    times = float(share.max())
    if not math.isfinite(times):
      return None
    doubt = 8 * _EPSILON[share.dtype.itemsize]
    if not has_beyond and times * (1 + doubt) <= min(before.times, _NEARLY):
      return before
    near = np.flatnonzero(share >= make(times * (1 - doubt)))
    left = self.reference[near].astype(np.float64)
    apart = np.absolute(self.other[near].astype(np.float64) - left)
    allowed = np.absolute(left) * limit.rtol + limit.atol
    index = int(near[np.argmax(apart / allowed)])
    found = _worst_at(limit, self.start, index, self.reference, self.other)
    return found if (found.times > 1) == has_beyond else None


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


def _quotient_among_zeros(
  numerator: np.ndarray, denominator: np.ndarray, *, out: np.ndarray
) -> float:
  """Largest quotient, where 0 / 0 is 0: mostly that is all, behind a ReLU."""
  # Any other divisor serves there; over a number it shows.
  smallest = np.nextafter(denominator.dtype.type(0), denominator.dtype.type(1))
  np.maximum(denominator, smallest, out=out)
  return float(np.divide(numerator, out, out=out).max())
