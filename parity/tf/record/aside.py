"""Where do the values of a large model wait? In a file, not in memory.

A recording of a model holds its values beside those that TensorFlow holds, and
there may be several recordings at once. So values beyond `LARGE` bytes are
written into a file without a name, which the system removes with the process,
and mapped from there; those of a small model stay where they are.

`pieces` says in which portions a session is to give or take the values of many
variables, since it holds a copy of all that it is asked for at once.
"""

from __future__ import annotations

import dataclasses
import tempfile
from typing import (
  Any,
  Dict,
  Iterable,
  Iterator,
  List,
  Sequence,
  Tuple,
  TypeVar,
)

import numpy as np

from parity.golden import tensors
from parity.records import recording as recording_lib

_Key = TypeVar("_Key")
_Record = TypeVar("_Record")

LARGE = 256 << 20
"""Bytes of one portion, and of what waits in memory."""

# What TensorFlow wants the address of a tensor to be a multiple of.
_ALIGNMENT = 64
# Smaller ones are no burden.
_SMALLEST = 1 << 16


@dataclasses.dataclass(frozen=True)
class _Place:
  """Where in the file an array lies."""

  start: int
  size: int
  dtype: Any
  shape: Tuple[int, ...]


def set_aside(
  values: Iterable[Tuple[_Key, np.ndarray]],
) -> Dict[_Key, np.ndarray]:
  """Arrays by key, in a file where they are large together.

  Args:
    values: keys and arrays; one that is made when it is asked for can go again
      before the next is made.

  Returns:
    The arrays, those from the file read-only.

  Raises:
    OSError: the system could not write the file, such as on a full disk.
  """
  found: Dict[_Key, np.ndarray] = {}
  held = 0
  with tempfile.TemporaryFile(prefix="parity-", buffering=0) as file:
    shelf = _Shelf(file)
    for key, array in values:
      found[key] = array
      held += array.nbytes
      if held > LARGE or shelf.places:
        shelf.take(found)
        held = 0
    if shelf.places:
      found.update(shelf.arrays())
  return found


class _Shelf:
  """A file of arrays."""

  def __init__(self, file: Any) -> None:
    self.places: Dict[Any, _Place] = {}
    self._file = file
    self._end = 0

  def take(self, arrays: Dict[Any, np.ndarray]) -> None:
    """Writes what is large of the arrays; a place holder stays."""
    for key, array in arrays.items():
      if key in self.places or array.dtype.kind in "OSU":
        continue
      if array.nbytes >= _SMALLEST:
        arrays[key] = self._written(key, array)

  def _written(self, key: Any, array: np.ndarray) -> np.ndarray:
    stored = tensors.stored_bytes(array)
    self._end += -self._end % _ALIGNMENT
    self.places[key] = _Place(
      self._end, stored.nbytes, array.dtype.newbyteorder("<"), array.shape
    )
    self._file.seek(self._end)
    while stored.nbytes:
      written = self._file.write(stored)
      self._end += written
      stored = stored[written:]
    return np.zeros(0, array.dtype)

  def arrays(self) -> Dict[Any, np.ndarray]:
    """What was taken, mapped."""
    body = np.memmap(self._file, np.uint8, "r")
    return {
      key: body[place.start : place.start + place.size]
      .view(place.dtype)
      .reshape(place.shape)
      for key, place in self.places.items()
    }


def records_aside(
  records: Iterable[_Record], *fields: str
) -> Tuple[_Record, ...]:
  """Records whose values are set aside where they are large together.

  Args:
    records: dataclasses; one that is made when it is asked for can go again
      before the next is made.
    *fields: which of them hold an array or None. Where two fields of a record
      hold the same one, it is written once.
  """
  bare: List[Any] = []
  keys: List[Dict[str, str]] = []

  def values() -> Iterator[Tuple[str, np.ndarray]]:
    for place, record in enumerate(records):
      keys.append({})
      first: Dict[int, str] = {}
      arrays = {field: getattr(record, field) for field in fields}
      bare.append(
        dataclasses.replace(record, **dict.fromkeys(fields))  # type: ignore[type-var]
      )
      for field, array in arrays.items():
        if array is None:
          continue
        key = f"{place}/{field}"
        keys[-1][field] = first.setdefault(id(array), key)
        if keys[-1][field] == key:
          yield key, array

  kept = set_aside(values())
  return tuple(
    dataclasses.replace(
      record, **{field: kept[key] for field, key in named.items()}
    )
    for record, named in zip(bare, keys)
  )


def size_of(variables: Iterable[recording_lib.VariableRecord]) -> int:
  """How many bytes the values of variables take, as far as that is known."""
  return sum(
    int(np.prod(record.shape, dtype=np.int64)) * _item_size(record.dtype)
    for record in variables
  )


def _item_size(dtype: str) -> int:
  if dtype == "bfloat16":
    return 2
  try:
    return np.dtype(dtype).itemsize
  except TypeError:
    return 1


def pieces(sizes: Sequence[int]) -> List[List[int]]:
  """Numbers of things in order, in portions of at most `LARGE` bytes.

  >>> pieces([1, 2, LARGE, 3])
  [[0, 1], [2], [3]]

  Args:
    sizes: bytes of each.

  Returns:
    No empty portion; a thing that is larger has one of its own.
  """
  found: List[List[int]] = []
  left = 0
  for number, size in enumerate(sizes):
    if not found or size > left:
      found.append([])
      left = LARGE
    found[-1].append(number)
    left -= size
  return found
