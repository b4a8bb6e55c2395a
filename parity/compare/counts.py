"""Which number of a case does a factor equal? Batch size, weights, elements...

A loss that differs by a factor was divided by another count. Looked for, the
likeliest first: the batch size, the nonzero elements of an input (a mask of
weights, padded ids), elements, sizes of axes; then a quotient of two of them;
then a plain number, and a whole one that no count equals may be a number of
replicas.

All of it is a suggestion: numbers coincide, and which of them it is cannot be
seen from the numbers alone.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Mapping, Optional

import numpy as np

from parity.compare import factors

# How near a factor must be to a number with a name.
_NEAR = 2e-5
_MOST_REPLICAS = 4096


@dataclasses.dataclass(frozen=True)
class _Count:
  """A number that occurs in a case.

  Attributes:
    number: the number.
    name: what it counts.
    is_strong: whether losses are divided by it; a size of an axis coincides
      with much, and is told only where nothing else has that number.
  """

  number: int
  name: str
  is_strong: bool = True


def name_of(
  factor: float,
  inputs: Mapping[str, np.ndarray],
  sizes: Optional[Mapping[str, int]] = None,
) -> str:
  """The factor as a number, and what it equals in this case.

  >>> name_of(0.125, {"x": np.ones((8, 3), np.float32)})
  '0.125 (1 / 8, the batch size)'

  Args:
    factor: the port's over tf1's.
    inputs: the case's, by path.
    sizes: the number of elements of each output, by path.
  """
  counts = _counts(_numbers_in(inputs), sizes or {})
  by_number: Dict[int, List[str]] = {}
  for count in counts:
    if count.number > 1 and (count.is_strong or count.number not in by_number):
      by_number.setdefault(count.number, []).append(count.name)
  for number, names in by_number.items():
    # Numbers coincide; which of them it is, is not to be seen.
    name = f"{number}, {' or '.join(names[:2])}"
    if abs(factor - number) <= _NEAR * number:
      return f"{factor:.6g} ({name})"
    if abs(factor * number - 1.0) <= _NEAR:
      return f"{factor:.6g} (1 / {name})"
  told = _weights_in(factor, inputs)
  plain = factors.name_of(factor)
  if told is None and plain == f"{factor:.6g}":
    told = _quotient(factor, counts)
  if told is not None:
    return f"{factor:.6g} ({told})"
  return _plain(factor, plain)


def _plain(factor: float, plain: str) -> str:
  """A number that nothing in the case equals."""
  for value, text in ((factor, "{0}"), (1.0 / factor, "1 / {0}")):
    number = round(value)
    if 1 < number <= _MOST_REPLICAS and abs(value - number) <= _NEAR * number:
      name = text.format(number)
      return (
        f"{factor:.6g} ({name}; no count of the inputs is {number}, so it may"
        " be a number of replicas)"
      )
  return plain if plain == f"{factor:.6g}" else f"{factor:.6g} ({plain})"


def _numbers_in(inputs: Mapping[str, np.ndarray]) -> Dict[str, np.ndarray]:
  return {
    path: np.asarray(array)
    for path, array in inputs.items()
    if np.asarray(array).dtype.kind in "fiub"
  }


def _counts(
  arrays: Mapping[str, np.ndarray], sizes: Mapping[str, int]
) -> List[_Count]:
  """Numbers that occur in a case, the likeliest first.

  The sizes of axes come last: most of them coincide with something else.
  """
  found: List[_Count] = []
  batches = {a.shape[0] for a in arrays.values() if a.ndim}
  if len(batches) == 1:
    found.append(_Count(batches.pop(), "the batch size"))
  for path, array in arrays.items():
    if may_be_weights(array):
      nonzero = int(np.count_nonzero(array))
      name = f"the number of nonzero elements of {path}"
      found.append(_Count(nonzero, name))
  for path, array in arrays.items():
    if array.ndim > 1:
      name = f"the number of elements of {path}"
      found.append(_Count(int(array.size), name))
  found += [
    _Count(size, f"the number of elements of {path}")
    for path, size in sizes.items()
  ]
  for path, array in arrays.items():
    for axis, size in enumerate(array.shape):
      name = f"the size of axis {axis} of {path}"
      found.append(_Count(int(size), name, is_strong=False))
  for path, array in arrays.items():
    if _may_be_padded(array):
      nonzero = int(np.count_nonzero(array))
      name = f"the number of elements of {path} that are not 0"
      found.append(_Count(nonzero, name))
  return found


def may_be_weights(array: np.ndarray) -> bool:
  """Whether zeros of an input may leave elements out of a loss."""
  nonzero = int(np.count_nonzero(array))
  if array.size <= 1 or not 0 < nonzero < array.size:
    return False
  if array.dtype.kind in "iu":  # Labels have zeros too.
    return bool(np.all((array == 0) | (array == 1)))
  return True


def _may_be_padded(array: np.ndarray) -> bool:
  """Whether zeros of an input may be the padding of sequences of ids."""
  if array.ndim < 2 or array.dtype.kind not in "iu" or may_be_weights(array):
    return False
  return bool(0 < np.count_nonzero(array) < array.size)


def _weights_in(
  factor: float, inputs: Mapping[str, np.ndarray]
) -> Optional[str]:
  """Nonzero over all elements of an input, and the other way round."""
  for path, array in _numbers_in(inputs).items():
    if not (may_be_weights(array) or _may_be_padded(array)):
      continue
    nonzero = int(np.count_nonzero(array))
    name = f"{nonzero} nonzero of {array.size} elements of {path}"
    if abs(factor - nonzero / array.size) <= _NEAR * factor:
      return name
    if abs(factor - array.size / nonzero) <= _NEAR * factor:
      return f"the inverse of {name}"
  return None


def _quotient(factor: float, counts: List[_Count]) -> Optional[str]:
  """The first two counts of which the factor is the quotient."""
  strong = [each for each in counts if each.is_strong and each.number > 1]
  for left in strong:
    for right in strong:
      value = left.number / right.number
      if left.number != right.number and abs(factor - value) <= _NEAR * value:
        return f"{left.number} / {right.number}: {left.name} / {right.name}"
  return None
