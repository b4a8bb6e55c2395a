"""Is one tensor the other, only laid out or scaled in another way?

Tried in this order, each first on a sample and then on every element:

1. `transpose`: the axes are permuted (NCHW for NHWC, a kernel [out, in]).
2. `reversal`: one axis runs backwards (BGR for RGB, time reversed).
3. `permutation`: one axis is in another order (gates of an LSTM, a rolled
   sequence). Slices are matched by a random projection of them.
4. `factor`: every element is k times the other's.
5. `offset`: every element is c more than the other's.

What is returned is certain: it holds for all elements within 1e-5 relative,
the data is not constant, and the tensors are not equal to begin with. Where a
factor and an offset explain the tensors alike, neither is returned. The cost
is a few passes over the data at most, whatever is tried.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Iterator, Optional, Tuple

import numpy as np

from parity.compare import blocks
from parity.compare import factors
from parity.compare import families

KINDS: Tuple[str, ...] = (
  "transpose",
  "reversal",
  "permutation",
  "factor",
  "offset",
)

# Agreement of two elements: relative to them, and to the largest of all.
_RELATIVE = 1e-5
_OF_PEAK = 1e-6

# A factor or offset must differ from 1 or 0 by far more than agreement allows.
_NOTABLE = 1e-3

_SAMPLE = 256
_MOST_AXES = 6
_MOST_SLICES = 1 << 16


@dataclasses.dataclass(frozen=True)
class LayoutExplanation:
  """How one tensor follows from the other; fields of other kinds are None.

  Attributes:
    kind: a word of `KINDS`.
    text: the explanation in words, about `the other` and `the reference`.
    axes: for `transpose`: other = reference.transpose(axes).
    axis: for `reversal` and `permutation`.
    permutation: other = reference.take(permutation, axis).
    factor: other = factor * reference.
    factor_name: its plain name, such as `1/2`.
    offset: other = reference + offset.
  """

  kind: str
  text: str
  axes: Optional[Tuple[int, ...]] = None
  axis: Optional[int] = None
  permutation: Optional[Tuple[int, ...]] = None
  factor: Optional[float] = None
  factor_name: Optional[str] = None
  offset: Optional[float] = None

  def __str__(self) -> str:
    return self.text


def explain_layout(
  reference: np.ndarray, other: np.ndarray
) -> Optional[LayoutExplanation]:
  """Says how `other` follows from `reference`, where that is certain.

  >>> kernel = np.arange(6.0).reshape(2, 3)
  >>> print(explain_layout(kernel, kernel.T))
  the other is the reference with its axes permuted to (1, 0)
  >>> print(explain_layout(kernel, kernel / 2))
  the other is 1/2 times the reference

  Args:
    reference: real numbers; others, and non-finite ones, explain nothing.
    other: likewise; of the same shape, up to the order of axes.

  Returns:
    The explanation, or None where none is certain or none is needed.
  """
  reference, other = np.asarray(reference), np.asarray(other)
  if not (_is_eligible(reference) and _is_eligible(other)):
    return None
  if sorted(reference.shape) != sorted(other.shape) or reference.size < 2:
    return None
  peak = _varying_peak(reference)
  if peak is None or _varying_peak(other) is None:
    return None
  same_shape = reference.shape == other.shape
  if same_shape and _agree(reference, other, peak):
    return None
  found = _explain_transpose(reference, other, peak)
  if found is None and same_shape:
    found = _explain_order(reference, other, peak)
  if found is None and same_shape:
    found = _explain_scale(reference, other, peak)
  return found


def _explain_transpose(
  reference: np.ndarray, other: np.ndarray, peak: float
) -> Optional[LayoutExplanation]:
  if not 2 <= reference.ndim <= _MOST_AXES:
    return None
  for axes in itertools.permutations(range(reference.ndim)):
    turned = reference.transpose(axes)
    if turned.shape == other.shape and _agree(turned, other, peak):
      text = f"the other is the reference with its axes permuted to {axes}"
      return LayoutExplanation(kind="transpose", text=text, axes=axes)
  return None


def _explain_order(
  reference: np.ndarray, other: np.ndarray, peak: float
) -> Optional[LayoutExplanation]:
  """Explains by the order of the slices along one axis."""
  for axis in range(reference.ndim):
    if _agree(np.flip(reference, axis), other, peak):
      text = f"the other is the reference with axis {axis} reversed"
      return LayoutExplanation(kind="reversal", text=text, axis=axis)
  for axis in range(reference.ndim):
    order = _matching_order(reference, other, axis)
    if order is not None and _agree_in_order(
      reference, other, order=order, axis=axis, peak=peak
    ):
      permutation = tuple(int(place) for place in order)
      return LayoutExplanation(
        kind="permutation",
        text=(
          f"the other is the reference with axis {axis} "
          f"{describe_permutation(permutation)}"
        ),
        axis=axis,
        permutation=permutation,
      )
  return None


def _explain_scale(
  reference: np.ndarray, other: np.ndarray, peak: float
) -> Optional[LayoutExplanation]:
  """Explains by one factor, or by one offset, if not by both."""
  left, right = _sample(reference, other)
  square = float(np.dot(left, left))
  factor = float(np.dot(left, right)) / square if square else 0.0
  offset = float(np.mean(right - left))
  by_factor = abs(factor - 1) > _NOTABLE and abs(factor) > _OF_PEAK
  by_factor = by_factor and _agree(reference, other, peak, factor=factor)
  by_offset = abs(offset) > _NOTABLE * peak
  by_offset = by_offset and _agree(reference, other, peak, offset=offset)
  if by_factor == by_offset:
    return None
  if by_factor:
    name = factors.name_of(factor, reference.shape)
    text = f"the other is {name} times the reference"
    return LayoutExplanation(
      kind="factor", text=text, factor=factor, factor_name=name
    )
  text = f"the other is the reference plus {offset:.6g}"
  return LayoutExplanation(kind="offset", text=text, offset=offset)


def describe_permutation(permutation: Tuple[int, ...]) -> str:
  """A permutation in words: rolled, in blocks, or as it is.

  >>> describe_permutation((2, 3, 0, 1))
  'rolled by 2'
  >>> describe_permutation((0, 1, 4, 5, 2, 3, 6, 7))
  'in blocks of 2, in the order (0, 2, 1, 3)'
  """
  size = len(permutation)
  first = permutation[0]
  if all(p == (first + i) % size for i, p in enumerate(permutation)):
    shift = -first % size
    return f"rolled by {shift if shift <= size // 2 else shift - size}"
  for count in range(2, min(8, size // 2) + 1):
    width = size // count
    if size % count == 0 and all(
      p == permutation[i - i % width] + i % width
      and permutation[i - i % width] % width == 0
      for i, p in enumerate(permutation)
    ):
      order = tuple(permutation[i * width] // width for i in range(count))
      return f"in blocks of {width}, in the order {order}"
  if size <= 16:
    return f"in the order {permutation}"
  moved = sum(i != p for i, p in enumerate(permutation))
  return f"in another order ({moved} of {size} slices moved)"


def _matching_order(
  reference: np.ndarray, other: np.ndarray, axis: int
) -> Optional[np.ndarray]:
  """The order in which slices of the reference look like the other's."""
  size = reference.shape[axis]
  if not 2 <= size <= _MOST_SLICES:
    return None
  rng = np.random.RandomState(0)
  shape = np.delete(reference.shape, axis)
  places = tuple(rng.randint(0, length, size=_SAMPLE // 4) for length in shape)
  weights = rng.uniform(0.5, 1.5, size=_SAMPLE // 4 if places else 1)
  projections = []
  for array in (reference, other):
    picked = np.moveaxis(array, axis, 0)[(slice(None), *places)]
    projections.append(picked.astype(np.float64).reshape(size, -1) @ weights)
  left_rank = np.argsort(projections[0], kind="mergesort")
  right_rank = np.argsort(projections[1], kind="mergesort")
  left, right = projections[0][left_rank], projections[1][right_rank]
  scale = float(np.absolute(left).max())
  if np.absolute(left - right).max() > 10 * _RELATIVE * scale:
    return None
  order = np.empty(size, np.int64)
  order[right_rank] = left_rank
  return None if np.array_equal(order, np.arange(size)) else order


def _agree_in_order(
  reference: np.ndarray,
  other: np.ndarray,
  *,
  order: np.ndarray,
  axis: int,
  peak: float,
) -> bool:
  """Whether the other is the reference with its slices in this order."""
  left = np.moveaxis(reference, axis, 0)
  right = np.moveaxis(other, axis, 0)
  rows = max(1, blocks.BLOCK // max(1, left[0].size))
  return all(
    _near(
      left[order[start : start + rows]].astype(np.float64),
      right[start : start + rows].astype(np.float64),
      peak,
    )
    for start in range(0, len(order), rows)
  )


def _agree(
  reference: np.ndarray,
  other: np.ndarray,
  peak: float,
  *,
  factor: float = 1.0,
  offset: float = 0.0,
) -> bool:
  """Whether other = factor * reference + offset, on a sample, then on all."""
  scale = peak * abs(factor) + abs(offset)
  left, right = _sample(reference, other)
  if not _near(left * factor + offset, right, scale):
    return False
  return all(
    _near(left * factor + offset, right, scale)
    for left, right in zip(_blocks(reference), _blocks(other))
  )


def _near(left: np.ndarray, right: np.ndarray, peak: float) -> bool:
  """Whether two float64 arrays agree within what is called certain."""
  allowed = np.absolute(left) * _RELATIVE + _OF_PEAK * peak
  return bool((np.absolute(right - left) <= allowed).all())


def _blocks(array: np.ndarray) -> Iterator[np.ndarray]:
  """The array in float64, block by block in C order."""
  for start in range(0, array.size, blocks.BLOCK):
    block = blocks.block_of(array, start, start + blocks.BLOCK)
    yield block.astype(np.float64)


def _sample(
  reference: np.ndarray, other: np.ndarray
) -> Tuple[np.ndarray, np.ndarray]:
  """Elements of both at the same random places, in float64."""
  chosen = np.random.RandomState(1).randint(0, reference.size, size=_SAMPLE)
  if reference.size <= _SAMPLE:
    chosen = np.arange(reference.size)
  places = np.unravel_index(chosen, reference.shape)
  left = reference[places].astype(np.float64)
  return left, other[places].astype(np.float64)


def _varying_peak(array: np.ndarray) -> Optional[float]:
  """The largest magnitude; None for constant or non-finite data."""
  lowest, highest = np.inf, -np.inf
  for block in _blocks(array):
    low, high = float(block.min()), float(block.max())
    if not (np.isfinite(low) and np.isfinite(high)):
      return None
    lowest, highest = min(lowest, low), max(highest, high)
  peak = max(abs(lowest), abs(highest))
  return peak if highest - lowest > _NOTABLE * peak else None


def _is_eligible(array: np.ndarray) -> bool:
  """Whether the elements are real numbers."""
  family = families.family_of(array.dtype)
  return family != families.EQUALITY and array.dtype.kind != "c"
