"""What does a checkpoint hold, and which entry is which variable of a port?"""

from __future__ import annotations

import dataclasses
from typing import Dict, Optional, Tuple

from parity.records import recording as recording_lib

KINDS: Tuple[str, ...] = ("weight", "slot", "average", "counter")
"""What an entry may be: only weights belong to the model."""


@dataclasses.dataclass(frozen=True)
class Contents:
  """What lies in a checkpoint.

  Attributes:
    path: its prefix.
    entries: by name, sorted.
    order: names in the order of creation, where the graph lies beside it.
  """

  path: str
  entries: Tuple[recording_lib.CheckpointEntry, ...]
  order: Tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Entry:
  """An entry, and what it is.

  Attributes:
    name: its name.
    shape: its shape.
    dtype: its dtype's name.
    kind: a word of `KINDS`.
    owner: the entry whose slot or average it is.
    part: what its name adds to the owner's, such as `Adam_1`.
  """

  name: str
  shape: Tuple[int, ...]
  dtype: str
  kind: str
  owner: Optional[str] = None
  part: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Listing:
  """A checkpoint's entries.

  Attributes:
    path: its prefix.
    entries: in the order of creation, or else of names with their numbers.
    is_order_known: whether it is that of creation.
  """

  path: str
  entries: Tuple[Entry, ...]
  is_order_known: bool

  def of_kind(self, *kinds: str) -> Tuple[Entry, ...]:
    """The entries of some kinds."""
    return tuple(entry for entry in self.entries if entry.kind in kinds)


@dataclasses.dataclass(frozen=True)
class Proposal:
  """An entry that is probably a variable of the port.

  Attributes:
    variable: the port's own name.
    entry: the entry's name.
    certainty: `certain`, `likely` or `possible`.
    reason: what speaks for it.
    variable_shape, entry_shape: their shapes.
    turning: how the entry's shape becomes the variable's; empty where it is
      the same. Such a pair cannot be restored by renaming alone.
  """

  variable: str
  entry: str
  certainty: str
  reason: str
  variable_shape: Tuple[int, ...]
  entry_shape: Tuple[int, ...]
  turning: str = ""


@dataclasses.dataclass(frozen=True, eq=False)
class Mapping:
  """A checkpoint and a port, laid together.

  Attributes:
    case: the case's name.
    listing: the checkpoint.
    found: names of the port's variables whose entry goes by their name, after
      the case's `rename`; with the entry's name.
    unfit: those of them whose entry has another shape or dtype, in words.
    proposals: for the others, in the order of the checkpoint.
    without_entry: variables of the port that nothing fits.
    without_variable: weights of the checkpoint that fit nothing.
  """

  case: str
  listing: Listing
  found: Dict[str, str]
  unfit: Tuple[str, ...]
  proposals: Tuple[Proposal, ...]
  without_entry: Tuple[recording_lib.VariableRecord, ...]
  without_variable: Tuple[Entry, ...]

  @property
  def is_complete(self) -> bool:
    """Whether renaming gives every variable of the port an entry."""
    turned = any(each.turning for each in self.proposals)
    return not (self.unfit or self.without_entry or turned)
