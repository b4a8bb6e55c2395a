"""What does a TF1.x checkpoint hold, and what becomes of each entry?

A name-based checkpoint, as `tf.train.Saver` writes it, is read by entry name,
without a graph. An entry goes into the variable whose tf1-side name it has, if
shape and dtype are the variable's; nothing is transposed, cast or guessed.
"""

from __future__ import annotations

import dataclasses
import os
from typing import Any, Dict, Optional, Sequence, Tuple

import tensorflow.compat.v1 as tf1

from parity import errors
from parity.golden import tensors
from parity.records import recording as recording_lib

_OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"


@dataclasses.dataclass(frozen=True, eq=False)
class Checkpoint:
  """An open checkpoint.

  Attributes:
    path: its prefix.
    entries: in order of their names.
    reader: TensorFlow's.
  """

  path: str
  entries: Tuple[recording_lib.CheckpointEntry, ...]
  reader: Any

  def write(self, path: str) -> None:
    """Writes the entries that hold numbers into a safetensors file."""
    arrays = {
      entry.name: self.reader.get_tensor(entry.name)
      for entry in self.entries
      if entry.dtype not in ("string", "resource", "variant")
    }
    tensors.write_tensors(path, arrays, sync=False)


def resolved(prefix: Optional[str], *, beside: Optional[str]) -> Optional[str]:
  """The prefix; relative to the case file where it is not to the work folder.

  Args:
    prefix: as the case has it.
    beside: the case file, None for a case made in this process.
  """
  if prefix is None or beside is None or os.path.isabs(prefix):
    return prefix
  if tf1.train.checkpoint_exists(prefix):
    return prefix
  return os.path.join(os.path.dirname(os.path.abspath(beside)), prefix)


def open_checkpoint(path: str) -> Checkpoint:
  """Opens a name-based checkpoint by its prefix, or by its folder.

  Raises:
    CaseError: there is none, it is damaged, or it is not name-based.
  """
  prefix = tf1.train.latest_checkpoint(path) if os.path.isdir(path) else path
  if not prefix or not tf1.train.checkpoint_exists(prefix):
    raise errors.CaseError(
      f"There is no checkpoint {path}. `checkpoint` must be the prefix that a"
      " Saver returned, such as model.ckpt-1000: the files beside it end in"
      " .index and .data-00000-of-00001."
    )
  try:
    reader = tf1.train.load_checkpoint(prefix)
    shapes = reader.get_variable_to_shape_map()
    dtypes = reader.get_variable_to_dtype_map()
  except (tf1.errors.OpError, ValueError, RuntimeError) as error:
    raise errors.CaseError(
      f"The checkpoint {path} cannot be read: {error}"
    ) from error
  if _OBJECT_GRAPH in shapes:
    raise errors.CaseError(
      f"The checkpoint {path} was written by tf.train.Checkpoint or Keras: it"
      " goes by objects, not by names. `checkpoint` must be one that a"
      " tf.compat.v1.train.Saver wrote."
    )
  entries = tuple(
    recording_lib.CheckpointEntry(
      name, tuple(int(n) for n in shapes[name]), dtypes[name].name
    )
    for name in sorted(shapes)
  )
  return Checkpoint(prefix, entries, reader)


def coverage_of(
  entries: Sequence[recording_lib.CheckpointEntry],
  variables: Sequence[recording_lib.VariableRecord],
) -> recording_lib.CheckpointRecord:
  """What becomes of each entry, and of each variable that is tracked.

  Args:
    entries: the checkpoint's.
    variables: the side's.
  """
  by_name: Dict[str, recording_lib.CheckpointEntry] = {
    entry.name: entry for entry in entries
  }
  restored, left, mismatched = [], [], []
  for variable in variables:
    if not variable.tracked:
      continue
    entry = by_name.pop(variable.tf1_name, None)
    if entry is None:
      left.append(variable.tf1_name)
    elif entry.shape == variable.shape and entry.dtype == variable.dtype:
      restored.append(variable.tf1_name)
    else:
      mismatched.append(variable.tf1_name)
  return recording_lib.CheckpointRecord(
    restored=tuple(restored),
    left=tuple(left),
    unused=tuple(sorted(by_name)),
    mismatched=tuple(mismatched),
    entries=tuple(entries),
  )
