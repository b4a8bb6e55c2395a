"""What is the path of each leaf of a nest? Flattening that names every leaf.

A nest is a leaf, or a dict, list, tuple, namedtuple or attrs/dataclass object
of nests. Paths join keys and positions with `/`: `logits`, `0`,
`1/Conv2d_1a_3x3`; a bare leaf is `output`. Dicts are walked in sorted order of
keys, like tf.nest. None is an empty nest.
"""

from __future__ import annotations

import collections.abc
import dataclasses
from typing import Any, Callable, Dict, List, Set, Tuple

from parity import errors

BARE = "output"


@dataclasses.dataclass(frozen=True, eq=False)
class Leaf:
  """A leaf and its path."""

  path: str
  value: Any


def _children(nest: Any) -> List[Tuple[str, Any]]:
  if isinstance(nest, collections.abc.Mapping):
    return [(str(key), nest[key]) for key in sorted(nest, key=str)]
  if hasattr(nest, "_fields") and isinstance(nest, tuple):
    return list(zip(nest._fields, nest))
  if isinstance(nest, (list, tuple)):
    return [(str(index), item) for index, item in enumerate(nest)]
  if dataclasses.is_dataclass(nest) and not isinstance(nest, type):
    return [(f.name, getattr(nest, f.name)) for f in dataclasses.fields(nest)]
  if hasattr(type(nest), "__attrs_attrs__"):
    names = [a.name for a in type(nest).__attrs_attrs__]
    return [(name, getattr(nest, name)) for name in names]
  return []


def is_leaf(nest: Any) -> bool:
  """Whether this is a leaf; an empty container and None are none."""
  if nest is None or _children(nest):
    return False
  return not isinstance(nest, (collections.abc.Mapping, list, tuple))


def flatten(nest: Any) -> List[Leaf]:
  """The leaves of a nest with their paths, in order.

  Raises:
    CaseError: two leaves have the same path, such as those of
      `{"a": {"b": 1}, "a/b": 2}`.

  >>> [leaf.path for leaf in flatten({"b": 1, "a": [2, (3,)]})]
  ['a/0', 'a/1/0', 'b']
  >>> flatten(7)[0].path
  'output'
  """
  if is_leaf(nest):
    return [Leaf(BARE, nest)]
  found: List[Leaf] = []
  _walk(nest, "", found)
  seen: Set[str] = set()
  for leaf in found:
    if leaf.path in seen:
      raise errors.CaseError(
        f"Two leaves of a nest have the path {leaf.path!r}; give one of them"
        " another key."
      )
    seen.add(leaf.path)
  return found


def _walk(nest: Any, prefix: str, found: List[Leaf]) -> None:
  for key, item in _children(nest):
    path = f"{prefix}{key}"
    if is_leaf(item):
      found.append(Leaf(path, item))
    elif item is not None:
      _walk(item, f"{path}/", found)


def map_leaves(function: Callable[[str, Any], Any], nest: Any) -> Any:
  """The same nest with each leaf replaced by `function(path, leaf)`."""
  return _map(function, nest, "")


def _map(function: Callable[[str, Any], Any], nest: Any, prefix: str) -> Any:
  if is_leaf(nest):
    return function(prefix.rstrip("/") or BARE, nest)
  if nest is None:
    return None
  items = [(k, _map(function, v, f"{prefix}{k}/")) for k, v in _children(nest)]
  if isinstance(nest, collections.abc.Mapping):
    by_text: Dict[str, Any] = dict(items)
    return {key: by_text[str(key)] for key in nest}
  if hasattr(nest, "_fields"):
    return type(nest)(**dict(items))
  if isinstance(nest, (list, tuple)):
    return type(nest)(item for _, item in items)
  return type(nest)(**dict(items))
