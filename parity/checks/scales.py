"""Do many tensors differ by one factor, and what does that factor equal?

Certain: whether one factor explains all numbers, to a relative 1e-4. What the
factor equals is a suggestion: the sizes of the case's inputs, how many of their
elements are not zero (a mask of weights), the quotient of the two, or a plain
number.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Sequence

import numpy as np

from parity.compare import factors
from parity.records import recording as recording_lib

# How well a factor must explain each tensor, relative to the tensor's norm.
_ACCURACY = 1e-4
# How near a factor must be to a number with a name.
_NEAR = 2e-5


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
    recording: whose inputs are looked at.
  """
  for number, names in _counts(recording).items():
    if number <= 1:
      continue
    # Numbers coincide; which of them it is, is not to be seen.
    name = f"{number}, {' or '.join(names[:2])}"
    if abs(factor - number) <= _NEAR * number:
      return f"{factor:.6g} ({name})"
    if abs(factor * number - 1.0) <= _NEAR:
      return f"{factor:.6g} (1 / {name})"
  for quotient in _quotients(recording):
    if abs(factor - quotient.value) <= _NEAR * quotient.value:
      return f"{factor:.6g} ({quotient.name})"
  plain = factors.name_of(factor)
  return plain if plain == f"{factor:.6g}" else f"{factor:.6g} ({plain})"


def _arrays(recording: recording_lib.Recording) -> Dict[str, np.ndarray]:
  return {
    path: np.asarray(array)
    for path, array in recording.inputs.items()
    if np.asarray(array).dtype.kind in "fiub"
  }


def _counts(recording: recording_lib.Recording) -> Dict[int, List[str]]:
  """Numbers that occur in the inputs, each with its names, the likeliest first.

  The sizes of axes come last: most of them coincide with something else.
  """
  found: Dict[int, List[str]] = {}
  arrays = _arrays(recording)
  batches = {a.shape[0] for a in arrays.values() if a.ndim}
  if len(batches) == 1:
    found[batches.pop()] = ["the batch size"]
  for path, array in arrays.items():
    if _may_be_weights(array):
      nonzero = int(np.count_nonzero(array))
      name = f"the number of nonzero elements of {path}"
      found.setdefault(nonzero, []).append(name)
  for path, array in arrays.items():
    if array.ndim > 1:
      name = f"the number of elements of {path}"
      found.setdefault(array.size, []).append(name)
  for output in recording.outputs:
    size = int(np.asarray(output.value).size)
    found.setdefault(size, [f"the number of elements of {output.path}"])
  for path, array in arrays.items():
    for axis, size in enumerate(array.shape):
      found.setdefault(int(size), [f"the size of axis {axis} of {path}"])
  return found


def _may_be_weights(array: np.ndarray) -> bool:
  """Whether zeros of an input may leave elements out of a loss."""
  nonzero = int(np.count_nonzero(array))
  if array.size <= 1 or not 0 < nonzero < array.size:
    return False
  if array.dtype.kind in "iu":  # Labels have zeros too.
    return bool(np.all((array == 0) | (array == 1)))
  return True


@dataclasses.dataclass(frozen=True)
class _Quotient:
  """A number and its name."""

  value: float
  name: str


def _quotients(recording: recording_lib.Recording) -> List[_Quotient]:
  """Nonzero over all elements of an input, and the other way round."""
  found = []
  for path, array in _arrays(recording).items():
    if not _may_be_weights(array):
      continue
    nonzero = int(np.count_nonzero(array))
    name = f"{nonzero} nonzero of {array.size} elements of {path}"
    found.append(_Quotient(nonzero / array.size, name))
    found.append(_Quotient(array.size / nonzero, f"the inverse of {name}"))
  return found
