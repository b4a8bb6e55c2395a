"""Do two sides have the same variables, and what differs if not?

1. Variables are paired by exact `tf1_name`, the name after the case's `rename`.
   Where a name occurs several times, its first occurrences are paired, then
   its second ones; every such name is reported as a duplicate.
2. Pairs are compared in shape, dtype and trainable flag.
3. What has no partner is missing or extra. A variable that the port created but
   does not track is neither: it is no part of the port's inventory.
4. For each missing variable `pairings` looks for what it probably became, also
   among the untracked ones. That part is heuristic; the rest is certain.
"""

from __future__ import annotations

import collections
import dataclasses
from typing import Dict, List, Sequence, Tuple

from parity.compare import pairings
from parity.records import recording


@dataclasses.dataclass(frozen=True, eq=False)
class VariablePair:
  """The two variables of one name."""

  tf1: recording.VariableRecord
  tf2: recording.VariableRecord


@dataclasses.dataclass(frozen=True)
class DuplicateName:
  """A name that occurs more than once on at least one side.

  Attributes:
    name: the tf1-side name.
    tf1_count: how many variables of the tf1 side have it.
    tf2_count: how many tracked variables of the tf2 side have it.
  """

  name: str
  tf1_count: int
  tf2_count: int


@dataclasses.dataclass(frozen=True, eq=False)
class InventoryDiff:
  """How the variables of two sides compare, each list in creation order.

  Attributes:
    tf1_count: variables of the tf1 side.
    tf2_count: variables that the port tracks.
    pairs: the variables of one name on both sides.
    missing: variables of the tf1 side without a partner.
    extra: tracked variables of the tf2 side without a partner.
    untracked: variables that the port created but does not track.
    duplicates: names that occur more than once on a side.
    shape: pairs of unlike shapes.
    dtype: pairs of unlike dtypes.
    trainable: pairs of unlike trainable flags.
    probable_pairs: what missing variables probably became; heuristic.
  """

  tf1_count: int
  tf2_count: int
  pairs: Tuple[VariablePair, ...] = ()
  missing: Tuple[recording.VariableRecord, ...] = ()
  extra: Tuple[recording.VariableRecord, ...] = ()
  untracked: Tuple[recording.VariableRecord, ...] = ()
  duplicates: Tuple[DuplicateName, ...] = ()
  shape: Tuple[VariablePair, ...] = ()
  dtype: Tuple[VariablePair, ...] = ()
  trainable: Tuple[VariablePair, ...] = ()
  probable_pairs: Tuple[pairings.ProbablePair, ...] = ()

  @property
  def is_match(self) -> bool:
    """Whether names, counts, shapes, dtypes and trainable flags are equal.

    A name that occurs equally often on both sides does not prevent a match.
    """
    return not (
      self.missing or self.extra or self.shape or self.dtype or self.trainable
    )

  @property
  def renamed_pairs(self) -> Tuple[pairings.ProbablePair, ...]:
    """The probable pairs with a variable that the port tracks."""
    return tuple(pair for pair in self.probable_pairs if pair.tf2.tracked)

  @property
  def untracked_pairs(self) -> Tuple[pairings.ProbablePair, ...]:
    """The probable pairs with one that the port created but did not keep."""
    return tuple(pair for pair in self.probable_pairs if not pair.tf2.tracked)


def diff_inventories(
  tf1: Sequence[recording.VariableRecord],
  tf2: Sequence[recording.VariableRecord],
) -> InventoryDiff:
  """Compares the variables of two sides.

  >>> def variable(name):
  ...   return recording.VariableRecord(name, name, (2, 3), "float32", True)
  >>> diff = diff_inventories([variable("fc/weights")], [variable("fc/kernel")])
  >>> rename_proposal(diff)
  {'fc/kernel': 'fc/weights'}

  Args:
    tf1: variables of the tf1 side, in creation order.
    tf2: variables of the tf2 side, in creation order, untracked ones included.
  """
  tracked = [each for each in tf2 if each.tracked]
  untracked = [each for each in tf2 if not each.tracked]
  tf1_by_name = _by_name(tf1)
  tf2_by_name = _by_name(tracked)
  pairs: List[VariablePair] = []
  missing: List[recording.VariableRecord] = []
  for each in _with_occurrence(tf1):
    partners = tf2_by_name.get(each.variable.tf1_name, [])
    if each.occurrence < len(partners):
      partner = partners[each.occurrence]
      pairs.append(VariablePair(tf1=each.variable, tf2=partner))
    else:
      missing.append(each.variable)
  extra = [
    each.variable
    for each in _with_occurrence(tracked)
    if each.occurrence >= len(tf1_by_name.get(each.variable.tf1_name, []))
  ]
  names = list(dict.fromkeys([*tf1_by_name, *tf2_by_name]))
  counts = [
    DuplicateName(
      name=name,
      tf1_count=len(tf1_by_name.get(name, [])),
      tf2_count=len(tf2_by_name.get(name, [])),
    )
    for name in names
  ]
  open_places = {id(each) for each in extra} | {id(each) for each in untracked}
  candidates = [each for each in tf2 if id(each) in open_places]
  return InventoryDiff(
    tf1_count=len(tf1),
    tf2_count=len(tracked),
    pairs=tuple(pairs),
    missing=tuple(missing),
    extra=tuple(extra),
    untracked=tuple(untracked),
    duplicates=tuple(c for c in counts if max(c.tf1_count, c.tf2_count) > 1),
    shape=tuple(p for p in pairs if tuple(p.tf1.shape) != tuple(p.tf2.shape)),
    dtype=tuple(p for p in pairs if p.tf1.dtype != p.tf2.dtype),
    trainable=tuple(p for p in pairs if p.tf1.trainable != p.tf2.trainable),
    probable_pairs=pairings.probable_pairs(missing, candidates),
  )


def rename_proposal(diff: InventoryDiff) -> Dict[str, str]:
  """A case's `rename` that would pair what is probably one variable.

  Only pairs of one shape that are `certain` or `likely`; a name that occurs
  twice on the tf2 side cannot be renamed by name and is left out.

  Returns:
    tf1-side name by the port's own name.
  """
  pairs = [
    pair
    for pair in diff.renamed_pairs
    if pair.certainty in ("certain", "likely") and not pair.is_transposed
  ]
  counts = collections.Counter(each.name for each in diff.extra)
  taken = {pair.tf2.name for pair in diff.pairs}
  return {
    pair.tf2.name: pair.tf1.tf1_name
    for pair in pairs
    if counts[pair.tf2.name] == 1 and pair.tf2.name not in taken
  }


def turning(left: Tuple[int, ...], right: Tuple[int, ...]) -> str:
  """How one shape becomes another that holds its sizes in another order.

  >>> turning((3, 3, 8, 16), (16, 8, 3, 3)), turning((2, 3), (2, 4))
  ('transposed', '')
  >>> turning((3, 3, 8, 16), (3, 3, 16, 8))
  'its axes permuted'

  Returns:
    Empty where it is the same, or other sizes.
  """
  if left == right or sorted(left) != sorted(right):
    return ""
  return "transposed" if left == right[::-1] else "its axes permuted"


@dataclasses.dataclass(frozen=True, eq=False)
class _Occurrence:
  """A variable, and how many of its name came before it."""

  variable: recording.VariableRecord
  occurrence: int


def _with_occurrence(
  variables: Sequence[recording.VariableRecord],
) -> List[_Occurrence]:
  """The variables, each with its place among those of its name."""
  seen: Dict[str, int] = collections.defaultdict(int)
  found = []
  for variable in variables:
    found.append(_Occurrence(variable, seen[variable.tf1_name]))
    seen[variable.tf1_name] += 1
  return found


def _by_name(
  variables: Sequence[recording.VariableRecord],
) -> Dict[str, List[recording.VariableRecord]]:
  """The variables of each tf1-side name, in creation order."""
  found: Dict[str, List[recording.VariableRecord]] = {}
  for variable in variables:
    found.setdefault(variable.tf1_name, []).append(variable)
  return found
