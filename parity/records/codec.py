"""How does a record cross a process or a disk? As plain data and arrays.

`to_plain` turns any record into a JSON-able tree, in which each array is
replaced by `{"$array": KEY}`, and a dict of the arrays. `from_plain` goes back,
guided by the dataclass's own annotations: no class is named in the data, so
nothing that arrives can choose what is built. Certain: a round trip gives equal
records. Floats that JSON lacks are written as `{"$float": "nan"}`.
"""

from __future__ import annotations

import dataclasses
import math
import typing
from typing import Any, Dict, List, Mapping, Tuple, Type, TypeVar

import numpy as np

_Record = TypeVar("_Record")
ARRAY = "$array"
_FLOAT = "$float"


@dataclasses.dataclass(frozen=True, eq=False)
class Plain:
  """A record without its arrays, and its arrays by key."""

  tree: Any
  arrays: Dict[str, np.ndarray]


def to_plain(record: object) -> Plain:
  """Splits a record into a JSON-able tree and its arrays."""
  arrays: Dict[str, np.ndarray] = {}
  tree = _encode(record, "", arrays, {})
  return Plain(tree, arrays)


def _encode(
  value: Any,
  path: str,
  arrays: Dict[str, np.ndarray],
  keys: Dict[Tuple[Any, ...], str],
) -> Any:
  if value is None or isinstance(value, (bool, str, int)):
    return value
  if isinstance(value, float) and not isinstance(value, np.generic):
    return value if math.isfinite(value) else {_FLOAT: repr(value)}
  if isinstance(value, (np.ndarray, np.generic)):
    array = np.asarray(value)
    key = keys.setdefault(_place_in_memory(array), path)
    arrays[key] = array
    return {ARRAY: key}
  if dataclasses.is_dataclass(value):
    return {
      field.name: _encode(
        getattr(value, field.name), f"{path}/{field.name}", arrays, keys
      )
      for field in dataclasses.fields(value)
    }
  if isinstance(value, Mapping):
    return {
      str(key): _encode(item, f"{path}/{key}", arrays, keys)
      for key, item in value.items()
    }
  if isinstance(value, (list, tuple)):
    return [
      _encode(item, f"{path}/{index}", arrays, keys)
      for index, item in enumerate(value)
    ]
  if isinstance(value, bytes):
    return value.decode("utf-8", "backslashreplace")
  raise TypeError(f"{path or 'value'} holds a {type(value).__name__}.")


def _place_in_memory(array: np.ndarray) -> Tuple[Any, ...]:
  """Equal for arrays that are the same: what stands twice is stored once."""
  if array.dtype == object or not array.size:
    return (id(array),)
  start, _ = array.__array_interface__["data"]
  return (start, array.shape, array.strides, array.dtype)


def from_plain(
  record_type: Type[_Record], tree: Any, arrays: Mapping[str, np.ndarray]
) -> _Record:
  """Builds a record of a known type from its plain form.

  Args:
    record_type: the dataclass to build.
    tree: what `to_plain` gave as `tree`.
    arrays: its arrays by key.

  Returns:
    The record.

  Raises:
    ValueError: the data does not fit the type; the message says where.
  """
  return typing.cast(_Record, _decode(record_type, tree, arrays, ""))


def _decode(
  kind: Any, tree: Any, arrays: Mapping[str, np.ndarray], path: str
) -> Any:
  origin = getattr(kind, "__origin__", None)
  if origin is typing.Union:
    if tree is None:
      return None
    kinds = [k for k in kind.__args__ if k is not type(None)]
    return _decode(kinds[0], tree, arrays, path)
  if kind is np.ndarray:
    return _decode_array(tree, arrays, path)
  if dataclasses.is_dataclass(kind):
    return _decode_record(kind, tree, arrays, path)
  if origin is tuple:
    return _decode_tuple(kind, tree, arrays, path)
  if origin is dict:
    _expect(isinstance(tree, dict), "an object", tree, path)
    value_kind = kind.__args__[1]
    return {
      key: _decode(value_kind, item, arrays, f"{path}/{key}")
      for key, item in tree.items()
    }
  return _decode_scalar(kind, tree, arrays, path)


def _decode_array(
  tree: Any, arrays: Mapping[str, np.ndarray], path: str
) -> np.ndarray:
  if isinstance(tree, (bool, int, float)):
    _expect(
      isinstance(tree, float) or -(2**63) <= tree < 2**63,
      "a number of 64 bits",
      tree,
      path,
    )
    return np.asarray(tree)
  _expect(isinstance(tree, dict) and ARRAY in tree, "an array", tree, path)
  key = tree[ARRAY]
  if not isinstance(key, str) or key not in arrays:
    raise ValueError(f"{_place(path)}: the array {_shown(key)} is missing.")
  return arrays[key]


def _decode_record(
  kind: Any, tree: Any, arrays: Mapping[str, np.ndarray], path: str
) -> Any:
  _expect(isinstance(tree, dict), "an object", tree, path)
  hints = _hints(kind)
  unknown = sorted(set(tree) - set(hints))
  if unknown:
    raise ValueError(
      f"{_place(path)}: {kind.__name__} has no field {_shown(unknown[0])}."
    )
  fields = {
    name: _decode(hints[name], item, arrays, f"{path}/{name}")
    for name, item in tree.items()
  }
  try:
    return kind(**fields)
  except TypeError as error:
    raise ValueError(f"{_place(path)}: {error}") from error


def _decode_tuple(
  kind: Any, tree: Any, arrays: Mapping[str, np.ndarray], path: str
) -> Tuple[Any, ...]:
  _expect(isinstance(tree, list), "a list", tree, path)
  kinds = list(kind.__args__)
  if len(kinds) == 2 and kinds[1] is Ellipsis:
    kinds = [kinds[0]] * len(tree)
  _expect(len(kinds) == len(tree), f"{len(kinds)} items", tree, path)
  return tuple(
    _decode(item_kind, item, arrays, f"{path}/{index}")
    for index, (item_kind, item) in enumerate(zip(kinds, tree))
  )


def _decode_scalar(
  kind: Any, tree: Any, arrays: Mapping[str, np.ndarray], path: str
) -> Any:
  if isinstance(tree, dict) and set(tree) == {_FLOAT}:
    _expect(kind in (float, object, Any), str(kind), tree, path)
    return _decode_float(tree[_FLOAT], path)
  if kind is object or kind is Any:
    return _decode_object(tree, arrays, path)
  if kind is float and isinstance(tree, int) and not isinstance(tree, bool):
    return _decode_float(tree, path)
  right = isinstance(tree, kind) and (
    kind is bool or not isinstance(tree, bool)
  )
  _expect(right, kind.__name__, tree, path)
  return tree


def _decode_float(tree: Any, path: str) -> float:
  try:
    return float(tree)
  except (OverflowError, TypeError, ValueError) as error:
    raise ValueError(
      f"{_place(path)}: expected a float, found {_shown(tree)}."
    ) from error


def _decode_object(
  tree: Any, arrays: Mapping[str, np.ndarray], path: str
) -> Any:
  if isinstance(tree, dict):
    if set(tree) == {ARRAY}:
      return _decode_array(tree, arrays, path)
    if set(tree) == {_FLOAT}:
      return _decode_float(tree[_FLOAT], path)
    return {k: _decode_object(v, arrays, path) for k, v in tree.items()}
  if isinstance(tree, list):
    return tuple(_decode_object(item, arrays, path) for item in tree)
  return tree


_HINTS: Dict[Any, Dict[str, Any]] = {}


def _hints(kind: Any) -> Dict[str, Any]:
  # Resolving annotations costs more than decoding; a cache of pure results.
  if kind not in _HINTS:
    _HINTS[kind] = typing.get_type_hints(kind)
  return _HINTS[kind]


def _expect(right: bool, wanted: str, found: Any, path: str) -> None:
  if not right:
    raise ValueError(
      f"{_place(path)}: expected {wanted}, found {_shown(found)}."
    )


def _shown(found: Any) -> str:
  """A value in a few words; it may be of any size."""
  try:
    text = repr(found)
  except ValueError:  # Python writes no numbers of thousands of digits.
    text = f"a {type(found).__name__}"
  return text if len(text) < 60 else text[:57] + "..."


def _place(path: str) -> str:
  path = path or "record"
  return path if len(path) < 300 else f"{path[:140]}...{path[-140:]}"


def array_keys(tree: Any) -> List[str]:
  """The keys of all arrays that a plain tree refers to."""
  if isinstance(tree, dict):
    if set(tree) == {ARRAY}:
      return [tree[ARRAY]]
    return [key for item in tree.values() for key in array_keys(item)]
  if isinstance(tree, list):
    return [key for item in tree for key in array_keys(item)]
  return []
