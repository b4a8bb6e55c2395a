"""What do the blocks of a pair of tensors add up to?

A Tally is working state, and ends as a `report.Comparison`.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Dict, Optional, Tuple

import numpy as np

from parity.compare import ulp


@dataclasses.dataclass(frozen=True)
class Worst:
  """The pair of elements furthest beyond the tolerance, or nearest to it.

  Attributes:
    times: its difference in units of what is allowed there.
    index: its place among the elements in C order; -1 for none.
    reference: the reference's value; None where it is no number.
    other: the other side's value; None where it is no number.
    allowed: the difference allowed there.
  """

  times: float = 0.0
  index: int = -1
  reference: Optional[float] = None
  other: Optional[float] = None
  allowed: float = 0.0


class Tally:
  """Running figures over blocks; see `report.Comparison` for their meaning.

  Attributes:
    elements: how many pairs were seen.
    numbers: of these, how many are pairs of finite numbers.
    identical: whether all bytes seen so far were equal.
    passing: the smallest atol that passes all pairs; inf where none does.
    norm: root of the sum of the squared differences.
    max_ulp: None where the type has no units in the last place.
    histogram: counts of ulp distances.
  """

  def __init__(self) -> None:
    self.elements = 0
    self.numbers = 0
    self.mismatched = 0
    self.identical = True
    self.max_abs = 0.0
    self.max_rel = 0.0
    self.max_ulp: Optional[int] = None
    self.norm = 0.0
    self.passing = 0.0
    self.worst = Worst()
    self.reference_nonfinite = np.zeros(3, np.int64)
    self.other_nonfinite = np.zeros(3, np.int64)
    self.histogram = np.zeros(ulp.BINS, np.int64)

  def add_identical(self, numbers: int, has_ulp: bool) -> None:
    """Counts pairs of finite numbers whose bytes agree."""
    self.elements += numbers
    self.numbers += numbers
    if has_ulp:
      self.histogram[0] += numbers
      self.max_ulp = self.max_ulp or 0

  def add_distances(self, distances: np.ndarray) -> None:
    """Counts ulp distances, which are unsigned integers on one axis."""
    if distances.size:
      self.max_ulp = max(self.max_ulp or 0, int(distances.max()))
      self.histogram += ulp.histogram(distances)

  def add_norm(self, norm: float) -> None:
    """Adds a root of summed squares; neither overflows nor underflows."""
    self.norm = math.hypot(self.norm, norm)

  def add_worst(self, worst: Worst) -> None:
    """Keeps the worse of two; of equals, the first."""
    if worst.times > self.worst.times:
      self.worst = worst

  def figures(self, shape: Tuple[int, ...]) -> Dict[str, Any]:
    """The fields of a `report.Comparison` that are figures.

    Args:
      shape: of the tensors, to turn the place of the worst into an index.
    """
    fields: Dict[str, Any] = {
      "elements": self.elements,
      "mismatched": self.mismatched,
      "reference_nonfinite": _three(self.reference_nonfinite),
      "other_nonfinite": _three(self.other_nonfinite),
      "ulp_histogram": ulp.trimmed(self.histogram),
    }
    if not self.elements:
      return fields
    fields["times_tolerance"] = self.worst.times
    if math.isfinite(self.passing):
      fields["passing_atol"] = round_up(self.passing)
    if self.numbers:
      fields["max_abs"] = self.max_abs
      fields["max_rel"] = self.max_rel
      fields["rms"] = self.norm / math.sqrt(self.numbers)
      if self.max_ulp is not None:
        fields["max_ulp"] = float(self.max_ulp)
    if self.worst.index >= 0:
      fields["worst_index"] = _place(self.worst.index, shape)
      fields["worst_reference"] = self.worst.reference
      fields["worst_other"] = self.worst.other
      fields["worst_allowed"] = self.worst.allowed
    return fields


def round_up(value: float, digits: int = 3) -> float:
  """The next number of so many decimal digits, not below `value`.

  A limit that is printed with three digits must still pass when typed in.

  >>> round_up(1.2341e-5)
  1.24e-05
  >>> round_up(0.5)
  0.5
  """
  if value <= 0 or not math.isfinite(value):
    return value
  text = f"{value:.{digits - 1}e}"
  rounded = float(text)
  if rounded < value:
    mantissa, exponent = text.split("e")
    scaled = round(float(mantissa) * 10 ** (digits - 1)) + 1
    rounded = float(f"{scaled}e{int(exponent) - digits + 1}")
  return rounded if math.isfinite(rounded) else value


def _three(counts: np.ndarray) -> Tuple[int, int, int]:
  """Counts of NaN, +inf and -inf as plain integers."""
  return int(counts[0]), int(counts[1]), int(counts[2])


def _place(index: int, shape: Tuple[int, ...]) -> Tuple[int, ...]:
  """The index along each axis of an element's place in C order."""
  if not shape:
    return ()
  return tuple(int(i) for i in np.unravel_index(index, shape))
