"""Which entries of a checkpoint are the model's, and which are training's?

1. A counter or power goes by its name: `global_step`, `beta1_power` ...
2. TF1.x names a slot or average `VARIABLE/SLOT` after the variable that it
   belongs to, with a scope before it or not. So an entry below another entry's
   name is one, if it has its owner's shape or is a scalar.
3. Of those, a moving average is the one that `ExponentialMovingAverage` names.
4. Everything else is a weight, moving statistics of batch norm among them.

Certain as far as TensorFlow's own naming goes; a model that names one variable
below another of the same shape is misread.
"""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

from parity.records import checkpoint as checkpoint_lib
from parity.records import recording as recording_lib

_COUNTERS = re.compile(r"(global_step|beta[12]_power)(_\d+)?")
_AVERAGE = "ExponentialMovingAverage"


def is_counter(name: str) -> bool:
  """Whether a name is that of a counter or power of training.

  >>> is_counter("train/beta1_power_1"), is_counter("net/kernel")
  (True, False)
  """
  return bool(_COUNTERS.fullmatch(name.rpartition("/")[2]))


def owner_of(entry: str, names: Set[str]) -> Optional[str]:
  """The variable that an entry is named below; None for none.

  >>> owner_of("opt/net/w/Adam_1", {"net/w", "net/b"})
  'net/w'

  Args:
    entry: an entry's name.
    names: the variables', and the other entries'.
  """
  parts = entry.split("/")
  for start in range(len(parts) - 1):
    for end in range(len(parts) - 1, start, -1):
      if "/".join(parts[start:end]) in names:
        return "/".join(parts[start:end])
  return None


def list_entries(contents: checkpoint_lib.Contents) -> checkpoint_lib.Listing:
  """The entries with their kinds, in the order of creation where it is known.

  >>> entry = recording_lib.CheckpointEntry
  >>> found = list_entries(
  ...   checkpoint_lib.Contents(
  ...     "model.ckpt",
  ...     (entry("w", (2,), "float32"), entry("w/Adam", (2,), "float32")),
  ...   )
  ... )
  >>> [(each.name, each.kind, each.part) for each in found.entries]
  [('w', 'weight', None), ('w/Adam', 'slot', 'Adam')]
  """
  places = {name: place for place, name in enumerate(contents.order)}
  is_known = all(entry.name in places for entry in contents.entries)
  ordered = sorted(
    contents.entries,
    key=lambda entry: (
      (places[entry.name],) if is_known else _natural(entry.name)
    ),
  )
  return checkpoint_lib.Listing(
    path=contents.path,
    entries=kinds_of(ordered, {}),
    is_order_known=is_known,
  )


def kinds_of(
  entries: Sequence[recording_lib.CheckpointEntry],
  variables: Mapping[str, Tuple[int, ...]],
) -> Tuple[checkpoint_lib.Entry, ...]:
  """Entries with their kinds, in the same order.

  Args:
    entries: all of a checkpoint.
    variables: shapes of variables that the checkpoint may lack, by name.
  """
  shapes = {**variables, **{entry.name: entry.shape for entry in entries}}
  return tuple(_entry(entry, shapes) for entry in entries)


def _entry(
  entry: recording_lib.CheckpointEntry, shapes: Dict[str, Tuple[int, ...]]
) -> checkpoint_lib.Entry:
  kind, owner, part = "weight", None, None
  if is_counter(entry.name):
    kind = "counter"
  else:
    owner = owner_of(entry.name, set(shapes))
    if owner is not None and entry.shape not in (shapes[owner], ()):
      owner = None
  if owner is not None:
    part = entry.name.rpartition(f"{owner}/")[2]
    kind = "average" if part.split("/")[0] == _AVERAGE else "slot"
  return checkpoint_lib.Entry(
    entry.name, entry.shape, entry.dtype, kind, owner, part
  )


def _natural(name: str) -> Tuple[object, ...]:
  """A key that puts `layer_2` before `layer_10`."""
  key: List[object] = []
  for place, text in enumerate(re.split(r"(\d+)", name)):
    # Text and numbers alternate, so like is compared with like.
    key.append(int(text) if place % 2 else text)
  return tuple(key)


def weights_of(
  entries: Sequence[checkpoint_lib.Entry],
) -> List[recording_lib.VariableRecord]:
  """Entries as variables, which a pairing takes; all count as trainable."""
  return [
    recording_lib.VariableRecord(e.name, e.name, e.shape, e.dtype, True)
    for e in entries
  ]
