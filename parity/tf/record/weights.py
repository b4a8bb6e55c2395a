"""Which values do the variables get? Constant, distinctive, or carried over.

Values go by tf1-side name, so both sides get the same ones whatever the port
calls its variables. `distinctive` values are seeded by the variable's name:
no two variables, and no two elements, are alike, so a transposed kernel or a
swapped pair shows. Their scale keeps activations and gradients in range: fan-in
scaling for kernels, positive values where a name says variance.
"""

from __future__ import annotations

import hashlib
from typing import Dict, Iterable, Optional

import numpy as np

from parity.golden import tensors
from parity.records import recording as recording_lib
from parity.records import request as request_lib


class Constants:
  """Arrays of one constant: read-only views of one array for each dtype."""

  def __init__(self, constant: float) -> None:
    self._constant = constant
    self._made: Dict[str, np.ndarray] = {}

  def of(self, variable: recording_lib.VariableRecord) -> Optional[np.ndarray]:
    """The constant for a floating variable; None leaves another as it is."""
    if not is_floating(variable.dtype):
      return None
    size = int(np.prod(variable.shape, dtype=np.int64))
    dtype = _storage(variable.dtype)
    if dtype not in self._made or self._made[dtype].size < size:
      self._made[dtype] = np.full(size, self._constant, dtype)
    return self._made[dtype][:size].reshape(variable.shape)


def is_floating(dtype: str) -> bool:
  """Whether a dtype's name is a floating one."""
  return dtype.startswith(("float", "bfloat"))


def _storage(dtype: str) -> str:
  return "float32" if dtype == "bfloat16" else dtype


def distinctive_value(
  variable: recording_lib.VariableRecord,
) -> Optional[np.ndarray]:
  """Values seeded by the variable's tf1-side name; None for no floating one."""
  if not is_floating(variable.dtype):
    return None
  digest = hashlib.sha256(variable.tf1_name.encode()).digest()
  rng = np.random.RandomState(int.from_bytes(digest[:4], "little"))
  shape = variable.shape
  last = variable.tf1_name.rsplit("/", 1)[-1]
  if "var" in last or "gamma" in last:
    values = rng.uniform(0.5, 1.5, size=shape)
  elif len(shape) >= 2:
    fan_in = max(1, int(np.prod(shape[:-1])))
    values = rng.normal(scale=1.0 / np.sqrt(fan_in), size=shape)
  else:
    values = rng.normal(scale=0.3, size=shape)
  return np.asarray(values).astype(_storage(variable.dtype))


def values_for(
  request: request_lib.Request,
  variables: Iterable[recording_lib.VariableRecord],
) -> Dict[str, np.ndarray]:
  """The values to put in before the run, by tf1-side name; none for initial."""
  found: Dict[str, np.ndarray] = {}
  if request.weights == "initial":
    return found
  carried = (
    tensors.map_tensors(request.weights_file) if request.weights_file else {}
  )
  constants = Constants(request.constant)
  for variable in variables:
    value: Optional[np.ndarray] = None
    if request.weights == "constant":
      value = constants.of(variable)
    elif request.weights == "distinctive":
      value = distinctive_value(variable)
    elif request.weights == "carried":
      value = carried.get(variable.tf1_name)
    elif request.weights == "checkpoint":
      value = _fitting(carried.get(variable.tf1_name), variable)
    if value is not None:
      found[variable.tf1_name] = value
  return found


def _fitting(
  value: Optional[np.ndarray], variable: recording_lib.VariableRecord
) -> Optional[np.ndarray]:
  """An entry of a checkpoint, if it has the variable's shape and dtype."""
  if value is None or tuple(value.shape) != variable.shape:
    return None
  return value if tensors.dtype_name(value) == variable.dtype else None


def once(before: np.ndarray, after: np.ndarray) -> np.ndarray:
  """`before` itself where `after` has its very bytes: then stored once."""
  if before is after:
    return before
  if before.shape != after.shape or before.dtype != after.dtype:
    return after
  if before.dtype == object or not before.size:
    return after
  if before.__array_interface__ == after.__array_interface__:
    return before
  words = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}
  word = words.get(before.dtype.itemsize, np.uint8)
  flat = [
    np.ascontiguousarray(a).reshape(-1).view(word) for a in (before, after)
  ]
  return before if np.array_equal(*flat) else after
