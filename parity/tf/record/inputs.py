"""Which arrays does a case feed? The same on both sides, from the seed."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

from parity import case as case_lib
from parity import errors
from parity.tf import nests


def make_inputs(case: case_lib.Case, seed: int) -> Any:
  """The case's nest of arrays; `callable(rng)` gets a fresh RandomState."""
  nest = case.inputs
  if callable(nest):
    nest = nest(np.random.RandomState(seed))
  leaves = nests.flatten(nest)
  if not leaves:
    raise errors.CaseError(
      f"`inputs` gave no array, found {nest!r}; it must give at least one."
    )
  return nests.map_leaves(_as_array, nest)


def _as_array(path: str, leaf: Any) -> np.ndarray:
  array = np.asarray(leaf)
  if array.dtype == object and not all(
    isinstance(item, (bytes, str)) for item in array.reshape(-1)
  ):
    raise errors.CaseError(
      f"Input {path!r} is no array of numbers, booleans or text, found"
      f" {type(leaf).__name__}."
    )
  return array


def move_one_ulp(array: np.ndarray, rng: np.random.RandomState) -> np.ndarray:
  """Moves every finite nonzero floating element one ulp up or down."""
  if array.dtype.kind != "f":
    return array
  up = rng.randint(0, 2, size=array.shape).astype(bool)
  toward = np.where(up, np.inf, -np.inf).astype(array.dtype)
  moved = np.nextafter(array, toward)
  keep = (array == 0) | ~np.isfinite(array) | ~np.isfinite(moved)
  return np.where(keep, array, moved).astype(array.dtype)


def by_path(nest: Any) -> Dict[str, np.ndarray]:
  """The arrays of a nest by path."""
  return {leaf.path: leaf.value for leaf in nests.flatten(nest)}
