"""What does one block of a pair of tensors say?

1. A block is a slice of both tensors in C order: on one axis, contiguous, in
   native byte order. Of a contiguous tensor it is a view.
2. Equal bytes need no arithmetic: only NaN and infinities are counted.
3. Else each family of types (see `families`) has its way of measuring.

A `Meter` keeps the scratch memory, and so belongs to one thread.
"""

from __future__ import annotations

import math
from typing import Any, Union

import numpy as np

from parity.compare import families
from parity.compare import figures
from parity.compare import quick
from parity.compare import tally as tally_lib
from parity.compare import ulp
from parity.records import tolerance as tolerance_lib

BLOCK = 1 << 17
"""Elements of a block: few calls, and the scratch of floats stays in cache."""

# Elements that are worked on at once where each step makes an array of its own,
# which no larger would come from the system anew each time.
_PIECE = 1 << 14


def block_of(array: np.ndarray, start: int, stop: int) -> np.ndarray:
  """Elements `start` to `stop` in C order, ready for arithmetic."""
  if array.flags.c_contiguous:
    block = array.reshape(-1)[start:stop]
  else:
    block = array.flat[start:stop]
  if not block.dtype.isnative:
    block = block.astype(block.dtype.newbyteorder("="))
  return block


class Meter:
  """Measures blocks of a pair into a tally.

  Attributes:
    tally: what the blocks so far add up to.
  """

  def __init__(
    self,
    dtype: np.dtype,
    limit: tolerance_lib.Tolerance,
    *,
    wants_ulp: bool = True,
  ) -> None:
    """Makes a meter for pairs that both have the type `dtype`."""
    self.tally = tally_lib.Tally()
    self._limit = limit
    self._family = families.family_of(dtype)
    self._is_bfloat16 = ulp.is_bfloat16(dtype)
    self._has_ulp = wants_ulp and ulp.is_supported(dtype)
    self._near = ulp.near_limit(dtype) if self._has_ulp else 0.0
    self._scratch = np.empty((0, 0))

  def add(self, start: int, reference: np.ndarray, other: np.ndarray) -> None:
    """Adds one block, whose first element lies at `start`.

    NumPy's floating-point warnings are the caller's to silence.
    """
    if self._family == families.EQUALITY:
      self._add_equality(start, reference, other)
      return
    if _have_equal_bytes(reference, other):
      self._add_identical(reference)
      return
    step = BLOCK if self._family == families.FLOAT else _PIECE
    for first in range(0, reference.size, step):
      piece = slice(first, first + step)
      self._add_chunk(start + first, reference[piece], other[piece])

  def _add_chunk(
    self, start: int, reference: np.ndarray, other: np.ndarray
  ) -> None:
    self.tally.identical = False
    if self._family == families.INTEGER:
      self._add_integers(start, reference, other)
    elif self._family == families.WIDE:
      figures.add_carefully(
        self.tally,
        self._limit,
        places=start,
        reference=reference,
        other=other,
      )
    else:
      self._add_floats(start, reference, other)

  def _add_identical(self, block: np.ndarray) -> None:
    """Adds a block that both sides share byte for byte."""
    numbers = block.size
    if self._family != families.INTEGER:
      values = self._floats(block)
      if not np.isfinite(values).all():
        counts = figures.count_nonfinite(values)
        self.tally.reference_nonfinite += counts
        self.tally.other_nonfinite += counts
        numbers -= int(counts.sum())
        self.tally.elements += int(counts.sum())
    self.tally.add_identical(numbers, self._has_ulp)

  def _add_floats(
    self, start: int, reference: np.ndarray, other: np.ndarray
  ) -> None:
    left, right = self._floats(reference), self._floats(other)
    if self._scratch.dtype != left.dtype or not self._scratch.size:
      self._scratch = np.empty((3, BLOCK), left.dtype)
    relative = quick.add_block(
      self.tally,
      self._limit,
      start=start,
      reference=left,
      other=right,
      scratch=self._scratch,
    )
    if relative is not None and relative < self._near:
      bits = ulp.signed_bits(reference), ulp.signed_bits(other)
      apart = ulp.near_distance(*bits, scratch=self._scratch[0])
      self.tally.add_distances(apart)
      return
    for first in range(0, reference.size, _PIECE):
      piece = slice(first, first + _PIECE)
      kept: Union[slice, np.ndarray] = slice(None)
      if relative is None:
        finite = figures.add_carefully(
          self.tally,
          self._limit,
          places=start + first,
          reference=left[piece],
          other=right[piece],
        )
        kept = kept if finite.all() else finite
      if self._has_ulp:
        distances = ulp.bit_distance(
          ulp.signed_bits(reference[piece])[kept],
          ulp.signed_bits(other[piece])[kept],
        )
        self.tally.add_distances(distances)

  def _add_integers(
    self, start: int, reference: np.ndarray, other: np.ndarray
  ) -> None:
    """Adds integers, whose difference fits in the unsigned type."""
    unsigned = np.dtype(f"u{reference.dtype.itemsize}")
    distance = np.maximum(reference, other) - np.minimum(reference, other)
    self.tally.elements += reference.size
    figures.add_differences(
      self.tally,
      self._limit,
      places=start,
      difference=distance.view(unsigned).astype(np.float64),
      magnitude=np.absolute(reference.astype(np.float64)),
      values=(reference, other),
    )

  def _add_equality(
    self, start: int, reference: np.ndarray, other: np.ndarray
  ) -> None:
    """Adds elements that are equal or not, whatever the tolerance."""
    same = _equal_elements(reference, other)
    self.tally.elements += reference.size
    if same.all():
      return
    self.tally.identical = False
    self.tally.mismatched += int(np.count_nonzero(~same))
    self.tally.passing = math.inf
    first = int(np.argmin(same))
    is_bool = reference.dtype.kind == "b"
    self.tally.add_worst(
      tally_lib.Worst(
        times=math.inf,
        index=start + first,
        reference=float(reference[first]) if is_bool else None,
        other=float(other[first]) if is_bool else None,
        allowed=0.0,
      )
    )

  def _floats(self, block: np.ndarray) -> np.ndarray:
    """The block in a type that NumPy calculates in; exact."""
    if self._is_bfloat16:
      return families.widen_bfloat16(block)
    if block.dtype == np.float16 or families.is_extension(block.dtype):
      return block.astype(np.float32)
    return block


def _have_equal_bytes(reference: np.ndarray, other: np.ndarray) -> bool:
  """Whether two blocks of one type agree byte for byte."""
  words = np.uint64 if reference.nbytes % 8 == 0 else np.uint8
  left, right = reference.view(words), other.view(words)
  # Unequal blocks mostly show it early.
  if not np.array_equal(left[:64], right[:64]):
    return False
  return np.array_equal(left, right)


def _equal_elements(reference: np.ndarray, other: np.ndarray) -> np.ndarray:
  """Elementwise equality as booleans; an object may be NaN or an array."""
  if reference.dtype.kind in "mM":
    reference, other = reference.view(np.int64), other.view(np.int64)
  if reference.dtype.kind in "bmMSUiT" and other.dtype.kind != "O":
    return np.asarray(reference == other)
  pairs = zip(reference.tolist(), other.tolist())
  return np.array([_is_same(left, right) for left, right in pairs], bool)


def _is_same(reference: Any, other: Any) -> bool:
  """Whether two objects are equal; NaN is NaN, arrays by their elements."""
  if isinstance(reference, np.ndarray) or isinstance(other, np.ndarray):
    return np.array_equal(reference, other)
  if isinstance(reference, float) and isinstance(other, float):
    both_nan = math.isnan(reference) and math.isnan(other)
    return both_nan or reference == other
  return bool(reference == other)
