"""Do many tensors differ by one factor, and what does that factor equal?

Certain: whether one factor explains all numbers, to a relative 1e-4. What the
factor equals is a suggestion (`compare.counts`).
"""

from __future__ import annotations

from typing import Optional, Sequence

import numpy as np

from parity.compare import counts
from parity.records import recording as recording_lib

# How well a factor must explain each tensor, relative to the tensor's norm.
_ACCURACY = 1e-4


def common_factor(
  reference: Sequence[np.ndarray], other: Sequence[np.ndarray]
) -> Optional[float]:
  """The factor k with other = k * reference for all pairs; None without one.

  >>> common_factor(
  ...   [np.ones(2), np.arange(3.0)], [np.ones(2) * 4, np.arange(3.0) * 4]
  ... )
  4.0

  Args:
    reference: tensors.
    other: as many, of the same shapes.

  Returns:
    None also where k is 1, or where all is zero.
  """
  left = [np.asarray(array, np.float64).reshape(-1) for array in reference]
  right = [np.asarray(array, np.float64).reshape(-1) for array in other]
  if any(a.shape != b.shape for a, b in zip(left, right)):
    return None
  power = sum(float(np.dot(a, a)) for a in left)
  if not power or not np.isfinite(power):
    return None
  factor = sum(float(np.dot(a, b)) for a, b in zip(left, right)) / power
  if not np.isfinite(factor) or abs(factor) < _ACCURACY:
    return None
  if abs(factor - 1.0) < _ACCURACY:
    return None
  # A tensor of noise alone (a bias before batch norm) has no factor.
  floor = 1e-6 * power**0.5
  for a, b in zip(left, right):
    error = float(np.linalg.norm(b - factor * a))
    if error > _ACCURACY * abs(factor) * float(np.linalg.norm(a)) + floor:
      return None
  return factor


def is_scaled(reference: np.ndarray, other: np.ndarray, factor: float) -> bool:
  """Whether other = factor * reference for a scalar."""
  left = float(np.asarray(reference, np.float64).reshape(-1)[0])
  right = float(np.asarray(other, np.float64).reshape(-1)[0])
  return abs(right - factor * left) <= _ACCURACY * abs(factor * left)


def name_of(factor: float, recording: recording_lib.Recording) -> str:
  """The factor as a number, and what it equals in this case.

  Args:
    factor: the port's over tf1's.
    recording: whose inputs and outputs are looked at.
  """
  sizes = {
    output.path: int(np.asarray(output.value).size)
    for output in recording.outputs
  }
  return counts.name_of(factor, recording.inputs, sizes)
