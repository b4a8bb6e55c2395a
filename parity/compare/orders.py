"""Which variables of two sides stand at the same place in their order?

Both functions are heuristic, and pair only where as many variables of one
shape, dtype, flag and kind (the last part of the name) are there on both sides,
and no name plainly says another order:

1. `in_order` looks at all that is left.
2. `between_neighbours` looks between two variables that are paired already: the
   most pairs that stand in one order on both sides cut both lists into as many
   pieces, and each piece is looked at alone.
"""

from __future__ import annotations

import bisect
from typing import Container, Dict, List, Mapping, Sequence, Set, Tuple

from parity.compare import names
from parity.records import recording

# Places of a variable of tf1 and of one of the port.
Place = Tuple[int, int]
_Kind = Tuple[object, ...]


def in_order(
  missing: Sequence[recording.VariableRecord],
  candidates: Sequence[recording.VariableRecord],
  *,
  proved: Sequence[Place],
  rated: Container[Place],
) -> Dict[Place, int]:
  """Pairs in order, each with how many of its kind there are.

  Args:
    missing: variables of the tf1 side.
    candidates: variables of the tf2 side.
    proved: pairs that are taken already.
    rated: the pairs that may be taken; of too many only near ones are.
  """
  lefts = _by_kind(missing, {left for left, _ in proved})
  rights = _by_kind(candidates, {right for _, right in proved})
  return _matched(missing, candidates, lefts, rights, rated=rated)


def between_neighbours(
  missing: Sequence[recording.VariableRecord],
  candidates: Sequence[recording.VariableRecord],
  *,
  paired: Sequence[Place],
  rated: Container[Place],
) -> Dict[Place, int]:
  """Pairs between two pairs, each with how many of its kind lie there.

  Args:
    missing: variables of the tf1 side.
    candidates: variables of the tf2 side.
    paired: pairs that are taken already.
    rated: the pairs that may be taken; of too many only near ones are.
  """
  anchors = _in_one_order(paired)
  if not anchors:
    return {}
  groups: List[Dict[_Kind, List[int]]] = []
  for side, variables in enumerate((missing, candidates)):
    fixed = [anchor[side] for anchor in anchors]
    taken = {pair[side] for pair in paired}
    group: Dict[_Kind, List[int]] = {}
    for kind, places in _by_kind(variables, taken).items():
      for place in places:
        gap = bisect.bisect(fixed, place)
        group.setdefault((gap, *kind), []).append(place)
    groups.append(group)
  return _matched(missing, candidates, *groups, rated=rated)


def _matched(
  missing: Sequence[recording.VariableRecord],
  candidates: Sequence[recording.VariableRecord],
  lefts: Mapping[_Kind, List[int]],
  rights: Mapping[_Kind, List[int]],
  *,
  rated: Container[Place],
) -> Dict[Place, int]:
  """The pairs of each kind, in order, where as many are on both sides."""
  found: Dict[Place, int] = {}
  for kind, left in lefts.items():
    right = rights.get(kind, [])
    pairs = list(zip(left, right))
    if len(left) != len(right) or any(pair not in rated for pair in pairs):
      continue
    if not _is_contradicted(
      [names.words_of(missing[place].tf1_name) for place in left],
      [names.words_of(candidates[place].tf1_name) for place in right],
    ):
      found.update(dict.fromkeys(pairs, len(left)))
  return found


def _in_one_order(paired: Sequence[Place]) -> List[Place]:
  """The most pairs that stand in the same order on both sides.

  >>> _in_one_order([(0, 1), (1, 0), (2, 2), (3, 5), (4, 3)])
  [(1, 0), (2, 2), (4, 3)]
  """
  lasts: List[int] = []  # The smallest right end of a chain of each length.
  ends: List[int] = []
  before: List[int] = []
  ranked = sorted(paired)
  for number, (_, right) in enumerate(ranked):
    length = bisect.bisect_left(lasts, right)
    before.append(ends[length - 1] if length else -1)
    lasts[length : length + 1] = [right]
    ends[length : length + 1] = [number]
  chain: List[Place] = []
  number = ends[-1] if ends else -1
  while number >= 0:
    chain.append(ranked[number])
    number = before[number]
  return chain[::-1]


def _by_kind(
  variables: Sequence[recording.VariableRecord], taken: Set[int]
) -> Dict[_Kind, List[int]]:
  """Places of the variables of one shape, dtype, flag and last name."""
  found: Dict[_Kind, List[int]] = {}
  for place, each in enumerate(variables):
    if place not in taken:
      last = names.normalized(each.tf1_name).rpartition("/")[2]
      kind = (tuple(each.shape), each.dtype, each.trainable, last)
      found.setdefault(kind, []).append(place)
  return found


def _is_contradicted(
  lefts: Sequence[Set[str]], rights: Sequence[Set[str]]
) -> bool:
  """Whether a name shares more words with another place than with its own."""
  for i, left in enumerate(lefts):
    own = len(left & rights[i])
    if any(len(left & right) > own for right in rights):
      return True
  return False
