"""How does a good input become a bad one? By edits that hypothesis draws.

An input is what some edits make of a seed: bytes are flipped, cut, repeated,
moved or replaced by words that mean something to a reader; nodes of a JSON tree
are replaced, left out, copied, renamed or changed a little. Fewer and smaller
edits count as simpler, so what fails is told by the least that fails.
"""

from __future__ import annotations

import copy
import dataclasses
from typing import Any, List, Sequence, Tuple

from hypothesis import strategies

_MOST_EDITS = 3
_FAR = 1 << 24
_LONGEST = 1 << 20
BYTE_KINDS = ("word", "flip", "cut", "drop", "repeat", "move", "noise")
TREE_KINDS = ("value", "drop", "copy", "rename", "change", "wrap")
# Values that readers stumble over.
VALUES: Tuple[Any, ...] = (
  None,
  True,
  0,
  -1,
  1 << 31,
  1 << 63,
  -(1 << 70),
  10**400,
  1.5,
  1e300,
  "",
  "x",
  "tf1",
  "tf2",
  "../../x",
  "/etc/passwd",
  "x.py:\u00b2",
  "\ud800",
  "\x00",
  "<script>",
  "__import__('os').system('touch canary')",
  [],
  {},
  [[]],
  ["x"],
  [0, -1],
  {"$array": "x"},
  {"$array": []},
  {"$float": "nan"},
  {"$float": "-inf"},
  {"$float": []},
  {"$float": 10**400},
)


@dataclasses.dataclass(frozen=True)
class Edit:
  """One change.

  Attributes:
    kind: of `BYTE_KINDS` or `TREE_KINDS`.
    place: numbers that lead to where; any numbers lead somewhere.
    value: what is put there, where the kind needs something.
  """

  kind: str
  place: Tuple[int, ...]
  value: Any = None


def byte_edits(words: Sequence[bytes]) -> strategies.SearchStrategy[List[Edit]]:
  """Edits of bytes.

  Args:
    words: what means something to a reader.
  """
  numbers = strategies.integers(0, _FAR)
  value = strategies.one_of(
    strategies.sampled_from(list(words)), strategies.binary(max_size=8)
  )
  edit = strategies.builds(
    Edit,
    strategies.sampled_from(BYTE_KINDS),
    strategies.tuples(numbers, numbers),
    value,
  )
  return strategies.lists(edit, min_size=1, max_size=_MOST_EDITS)


def tree_edits(
  values: Sequence[Any] = VALUES,
) -> strategies.SearchStrategy[List[Edit]]:
  """Edits of a JSON tree.

  Args:
    values: what nodes are replaced by, besides others of the same tree.
  """
  path = strategies.lists(
    strategies.integers(0, 1 << 10), min_size=1, max_size=8
  ).map(tuple)
  edit = strategies.builds(
    Edit,
    strategies.sampled_from(TREE_KINDS),
    path,
    strategies.sampled_from(list(values)),
  )
  return strategies.lists(edit, min_size=1, max_size=_MOST_EDITS)


def edited_bytes(seed: bytes, edits: Sequence[Edit]) -> bytes:
  """What edits make of some bytes.

  >>> edited_bytes(b"abcd", [Edit("cut", (2, 0))])
  b'ab'
  """
  found = seed
  for edit in edits:
    at, other = (number % (len(found) + 1) for number in edit.place)
    start, end = min(at, other), max(at, other)
    piece = found[start : min(end, start + 64)]
    if edit.kind == "word":
      found = found[:at] + edit.value + found[at:]
    elif edit.kind == "flip" and at < len(found):
      flipped = found[at] ^ (1 << other % 8)
      found = found[:at] + bytes([flipped]) + found[at + 1 :]
    elif edit.kind == "cut":
      found = found[:at]
    elif edit.kind == "drop":
      found = found[:start] + found[start + len(piece) :]
    elif edit.kind == "repeat":
      found = found[:start] + piece * 2 + found[start + len(piece) :]
    elif edit.kind == "move":
      rest = found[:start] + found[start + len(piece) :]
      target = edit.place[0] * 7 % (len(rest) + 1)
      found = rest[:target] + piece + rest[target:]
    elif edit.kind == "noise":
      found = found[:at] + edit.value + found[at + len(edit.value) :]
  return found[:_LONGEST]


def edited_tree(seed: Any, edits: Sequence[Edit]) -> Any:
  """What edits make of a JSON tree; the seed stays as it is.

  >>> edited_tree({"a": [1, 2]}, [Edit("value", (0, 1), None)])
  {'a': [1, None]}
  """
  holder = {"": copy.deepcopy(seed)}
  for edit in edits:
    _edit_node(holder, edit)
  return holder[""]


def _edit_node(holder: Any, edit: Edit) -> None:
  parent, key = holder, ""
  for number in edit.place:
    node = parent[key]
    if not isinstance(node, (dict, list)) or not node:
      break
    keys: Sequence[Any] = (
      list(node) if isinstance(node, dict) else range(len(node))
    )
    parent, key = node, keys[number % len(keys)]
  if edit.kind == "drop" and parent is not holder:
    del parent[key]
  elif edit.kind == "copy":
    _copy(holder, parent, key, edit)
  elif edit.kind == "rename" and isinstance(parent, dict):
    if parent is not holder:
      parent[str(edit.value)] = parent.pop(key)
  elif edit.kind == "change":
    parent[key] = _changed(parent[key], edit.place[-1])
  elif edit.kind == "wrap":
    parent[key] = [parent[key]] * (edit.place[-1] % 3)
  else:
    parent[key] = copy.deepcopy(edit.value)


def _copy(holder: Any, parent: Any, key: Any, edit: Edit) -> None:
  """Puts a node again into its list, or another node in its place."""
  if isinstance(parent, list):
    parent.append(copy.deepcopy(parent[key]))
    return
  other = holder[""]
  for number in reversed(edit.place):
    if isinstance(other, dict) and other:
      other = list(other.values())[number % len(other)]
    elif isinstance(other, list) and other:
      other = other[number % len(other)]
  parent[key] = copy.deepcopy(other)


def _changed(node: Any, number: int) -> Any:
  """A node of the same kind, a little different."""
  if isinstance(node, bool):
    return not node
  if isinstance(node, int):
    return node + (-1, 1, node, -2 * node)[number % 4]
  if isinstance(node, float):
    return node * (2.0, -1.0, 1.001, 0.0)[number % 4]
  if isinstance(node, str):
    return (node[1:], node + "x", node[::-1], node.upper())[number % 4]
  if isinstance(node, list):
    return node[::-1] if number % 2 else node[1:]
  return node
