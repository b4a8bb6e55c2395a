"""What are a tensor's values as real numbers? For distances, of any dtype.

NumPy knows bfloat16 and the like only by their names, and takes the imaginary
part from a complex number that becomes real: so nobody else converts.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

_NARROW = ("bfloat16", "float8")


def is_floating(array: np.ndarray) -> bool:
  """Whether the values are real floating numbers, bfloat16 included."""
  return array.dtype.kind == "f" or array.dtype.name.startswith(_NARROW)


def is_inexact(array: np.ndarray) -> bool:
  """Whether the values are floating or complex, and so rounded."""
  return is_floating(array) or array.dtype.kind == "c"


def widened(array: np.ndarray) -> Optional[np.ndarray]:
  """The values as float64, None for text; a complex number becomes two.

  >>> widened(np.array([1 + 2j])).tolist()
  [[1.0, 2.0]]
  """
  if array.dtype.kind == "c":
    parts = [np.real(array), np.imag(array)]
    return np.stack(parts, axis=-1).astype(np.float64)
  if is_floating(array) or array.dtype.kind in "iub":
    # What a kernel leaves unset may be a signalling NaN, at which NumPy warns.
    with np.errstate(invalid="ignore"):
      return array.astype(np.float64)
  return None


def largest_gap(left: np.ndarray, right: np.ndarray) -> Optional[float]:
  """Largest difference of two arrays of one shape; None where undefined."""
  if left.shape != right.shape or left.size == 0:
    return None
  a, b = widened(left), widened(right)
  if a is None or b is None or a.shape != b.shape:
    return None
  with np.errstate(all="ignore"):
    gap = float(np.max(np.abs(a - b)))
  return gap if np.isfinite(gap) else None
