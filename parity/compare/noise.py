"""How far does rounding alone move a tensor? Measured, never assumed.

The reference is recorded again with its inputs and weights moved by one unit in
the last place, a few times, up or down at random. How far that moves a tensor
is its *floor*: no comparison can tell two computations apart that differ by
less. Certain: the figures. A convention: how many floors still count as noise.
"""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Sequence

import numpy as np

# Kernels round more than once; so many floors are still noise.
FLOORS = 4.0


def largest_gap(left: np.ndarray, right: np.ndarray) -> Optional[float]:
  """The largest difference of two arrays of numbers; None for no such thing.

  >>> largest_gap(np.ones(2), np.array([1.0, 1.5]))
  0.5
  """
  left, right = np.asarray(left), np.asarray(right)
  if left.shape != right.shape or not left.size:
    return None
  if left.dtype.kind not in "fiu" or right.dtype.kind not in "fiu":
    return None
  with np.errstate(all="ignore"):
    gap = np.max(
      np.abs(np.asarray(left, np.float64) - np.asarray(right, np.float64))
    )
  return float(gap) if np.isfinite(gap) else None


def floors_of(
  reference: Mapping[str, np.ndarray],
  moved: Sequence[Mapping[str, np.ndarray]],
) -> Dict[str, float]:
  """The largest difference that moving by an ulp made, by name.

  Args:
    reference: as recorded.
    moved: the same, each from operands that were moved by one ulp.

  Returns:
    Only what every recording holds as finite numbers.
  """
  found: Dict[str, float] = {}
  for name, value in reference.items():
    gaps = [largest_gap(value, m[name]) for m in moved if name in m]
    if len(gaps) == len(moved) and gaps and None not in gaps:
      found[name] = max(gap for gap in gaps if gap is not None)
  return found


def is_noise(
  left: np.ndarray, right: np.ndarray, floor: Optional[float]
) -> bool:
  """Whether two tensors are no farther apart than their floor explains.

  >>> is_noise(np.zeros(1), np.full(1, 3e-5), 1e-5)
  True
  >>> is_noise(np.zeros(1), np.full(1, 3e-4), 1e-5)
  False
  """
  gap = largest_gap(left, right)
  return gap is not None and floor is not None and gap <= FLOORS * floor


def moved(array: np.ndarray, rng: np.random.RandomState) -> np.ndarray:
  """Floating numbers, each one ulp up or down; zeros and others as they are."""
  if array.dtype.kind != "f":
    return array
  toward = np.where(rng.randint(0, 2, size=array.shape), np.inf, -np.inf)
  found = np.nextafter(array, toward.astype(array.dtype))
  keep = (array == 0) | ~np.isfinite(array) | ~np.isfinite(found)
  return np.where(keep, array, found).astype(array.dtype)
