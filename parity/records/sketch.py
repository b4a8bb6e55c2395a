"""What of a large tensor is enough to recognise it? A sketch, in a few KiB.

A trace of a large network cannot keep every value. What it keeps instead moves
no further than the values do: if no element of a tensor moves by more than some
distance, nor does any number of its sketch. So sketches that are far apart
prove that the tensors are, in this layout or with axes permuted:

1. Values at fixed places of the flat tensor, and the means of a thousand runs
   of neighbours, all of which a reshape leaves alone.
2. For each axis the mean over all others, its profile, which a permutation of
   the axes permutes.

Sketches that are near only suggest that the tensors are; whoever must be
certain asks for the values.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Iterator, Optional, Sequence, Tuple

import numpy as np

_SAMPLES = 256
# A longer axis is averaged over as many runs of neighbours.
_LONGEST_PROFILE = 512
_RUNS = 1024
_BLOCK = 1 << 18
_MOST_PERMUTED_RANK = 4


@dataclasses.dataclass(frozen=True, eq=False)
class Sketch:
  """A tensor's sketch; what is not finite counts as 0.

  Attributes:
    lengths: of its axes, those of length 1 left out.
    samples: float64, elements at fixed places of the flat tensor.
    runs: float64, means of runs of neighbours in the flat tensor.
    profiles: float64, one array an axis of `lengths`.
  """

  lengths: Tuple[int, ...]
  samples: np.ndarray
  runs: np.ndarray
  profiles: Tuple[np.ndarray, ...]


def sketch_of(array: np.ndarray) -> Optional[Sketch]:
  """The sketch of numbers or truth values; None of anything else."""
  array = np.asarray(array)
  if array.dtype.kind not in "fiub" or array.size == 0:
    return None
  core = array.squeeze()
  sums = [np.zeros(length) for length in core.shape]
  for index, block in _blocks(core):
    for axis in range(core.ndim):
      rest = tuple(other for other in range(core.ndim) if other != axis)
      part = np.sum(block, axis=rest)
      sums[axis][index if axis == 0 else slice(None)] += part
  flat = array.reshape(-1)
  return Sketch(
    lengths=tuple(core.shape),
    samples=_finite(flat[_places(flat.size)]),
    runs=_runs(flat),
    profiles=tuple(
      _shortened(total / (core.size // total.size)) for total in sums
    ),
  )


def _blocks(core: np.ndarray) -> Iterator[Tuple[slice, np.ndarray]]:
  """Runs along the first axis, as float64 and finite."""
  if core.ndim == 0:
    return
  rows = max(1, _BLOCK * core.shape[0] // core.size)
  for start in range(0, core.shape[0], rows):
    index = slice(start, start + rows)
    yield index, _finite(core[index])


def _finite(values: np.ndarray) -> np.ndarray:
  wide = np.asarray(values, np.float64)
  mask = np.isfinite(wide)
  return wide if mask.all() else np.where(mask, wide, 0.0)


def _runs(flat: np.ndarray) -> np.ndarray:
  count = min(_RUNS, flat.size)
  edges = np.linspace(0, flat.size, count + 1).astype(np.int64)
  means = np.empty(count)
  # Many runs at once, since a call for each would cost more than its sum.
  step = max(1, _BLOCK * count // flat.size)
  for place in range(0, count, step):
    own = edges[place : place + step + 1]
    sums = np.add.reduceat(_finite(flat[own[0] : own[-1]]), own[:-1] - own[0])
    means[place : place + step] = sums / np.diff(own)
  return means


def _places(size: int) -> np.ndarray:
  """The same places for every tensor of a size, spread over all of it."""
  if size <= _SAMPLES:
    return np.arange(size)
  # Seeded, since a regular step meets the same channel again and again.
  rng = np.random.RandomState(size % (1 << 32))
  return np.sort(rng.randint(0, size, _SAMPLES))


def _shortened(profile: np.ndarray) -> np.ndarray:
  if profile.size <= _LONGEST_PROFILE:
    return profile
  edges = np.linspace(0, profile.size, _LONGEST_PROFILE + 1).astype(np.int64)
  return np.add.reduceat(profile, edges[:-1]) / np.diff(edges)


def distance(left: Sketch, right: Sketch, *, closeness: float) -> float:
  """How far apart two tensors are at least, in their best common layout.

  Args:
    left: of one tensor.
    right: of another, of as many elements.
    closeness: a layout in which they are as near as this is good enough.

  Returns:
    A lower bound of their largest difference; infinite for no common layout.
  """
  found = max(_gap(left.samples, right.samples), _gap(left.runs, right.runs))
  if left.lengths == right.lengths:
    found = max(found, _profile_gap(left, right, range(len(left.lengths))))
  rank = len(left.lengths)
  if found <= closeness or not 2 <= rank <= _MOST_PERMUTED_RANK:
    return found
  for axes in itertools.permutations(range(rank)):
    moved = tuple(left.lengths[axis] for axis in axes)
    if moved == right.lengths and list(axes) != sorted(axes):
      found = min(found, _profile_gap(left, right, axes))
      if found <= closeness:
        break
  return found


def _gap(left: np.ndarray, right: np.ndarray) -> float:
  if left.shape != right.shape:
    return float("inf")
  return float(np.max(np.abs(left - right))) if left.size else 0.0


def _profile_gap(left: Sketch, right: Sketch, axes: Sequence[int]) -> float:
  """How far the profiles of permuted axes are apart."""
  return max(
    (
      _gap(left.profiles[axis], right.profiles[place])
      for place, axis in enumerate(axes)
    ),
    default=0.0,
  )
