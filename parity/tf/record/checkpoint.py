"""What does a TF1.x checkpoint hold, and what becomes of each entry?

A name-based checkpoint, as `tf.train.Saver` writes it, is read by entry name,
without a graph. An entry goes into the variable whose tf1-side name it has, if
shape and dtype are the variable's; nothing is transposed, cast or guessed.
"""

from __future__ import annotations

import dataclasses
import glob
import os
import re
from typing import Any, Dict, Optional, Sequence, Tuple

from google.protobuf import message
import tensorflow.compat.v1 as tf1

from parity import errors
from parity.golden import tensors
from parity.records import checkpoint as checkpoint_lib
from parity.records import recording as recording_lib

_VARIABLE_OPS = ("Variable", "VariableV2", "VarHandleOp")
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
    """Writes the entries that hold numbers into a safetensors file.

    Raises:
      CaseError: an entry is damaged, or a file of the checkpoint is missing.
    """
    try:
      arrays = {
        entry.name: self.reader.get_tensor(entry.name)
        for entry in self.entries
        if entry.dtype not in ("string", "resource", "variant")
      }
    except _UNREADABLE as error:
      raise errors.CaseError(_unreadable(self.path, error)) from error
    except MemoryError as error:
      raise errors.CaseError(
        f"The entries of the checkpoint {self.path} need more memory than there"
        " is, or it is damaged."
      ) from error
    tensors.write_tensors(path, arrays, sync=False)


# What TensorFlow raises for a file that is missing, damaged or no checkpoint.
_UNREADABLE = (tf1.errors.OpError, IndexError, RuntimeError, ValueError)
# What lies beside a prefix; a person completes a path to one of these.
_SUFFIX = re.compile(r"\.(index|meta|data-\d+-of-\d+)$")


def _unreadable(path: str, error: BaseException) -> str:
  said = getattr(error, "message", None) or str(error)
  return (
    f"The checkpoint {path} cannot be read, it is damaged or none at all:"
    f" {said.splitlines()[0] if said else type(error).__name__}"
  )


def resolved(prefix: Optional[str], *, beside: Optional[str]) -> Optional[str]:
  """The prefix; relative to the case file where it is not to the work folder.

  Args:
    prefix: as the case has it.
    beside: the case file, None for a case made in this process.
  """
  if prefix is None or beside is None or os.path.isabs(prefix):
    return prefix
  if _is_there(prefix):
    return prefix
  return os.path.join(os.path.dirname(os.path.abspath(beside)), prefix)


def _is_there(prefix: str) -> bool:
  """Whether a checkpoint of either of TensorFlow's formats has the prefix."""
  exists = tf1.io.gfile.exists
  return bool(exists(f"{prefix}.index") or exists(prefix))


def open_checkpoint(path: str) -> Checkpoint:
  """Opens a name-based checkpoint.

  Args:
    path: its prefix, one of its files, or a folder that holds it.

  Raises:
    CaseError: there is none, it is damaged, or it is not name-based.
  """
  prefix = _prefix_of(path)
  if not prefix or not _is_there(prefix):
    raise errors.CaseError(
      f"There is no checkpoint {path}.{_others(path)} A checkpoint goes by the"
      " prefix that a Saver returned, such as model.ckpt-1000: the files beside"
      " it end in .index and .data-00000-of-00001."
    )
  try:
    reader = tf1.train.load_checkpoint(prefix)
    shapes = reader.get_variable_to_shape_map()
    dtypes = reader.get_variable_to_dtype_map()
  # Only the index is read here, which is small: a size in it is wrong.
  except (*_UNREADABLE, MemoryError) as error:
    raise errors.CaseError(_unreadable(path, error)) from error
  if _OBJECT_GRAPH in shapes:
    raise errors.CaseError(
      f"The checkpoint {path} was written by tf.train.Checkpoint or Keras: it"
      " goes by objects, not by names. What is needed is one that a"
      " tf.compat.v1.train.Saver wrote."
    )
  if os.path.exists(f"{prefix}.index") and not glob.glob(
    f"{glob.escape(prefix)}.data-*-of-*"
  ):
    raise errors.CaseError(
      f"The checkpoint {path} has no data: beside {prefix}.index there must lie"
      f" {os.path.basename(prefix)}.data-00000-of-00001 or the like."
    )
  entries = tuple(
    recording_lib.CheckpointEntry(
      name, tuple(int(n) for n in shapes[name]), dtypes[name].name
    )
    for name in sorted(shapes)
  )
  return Checkpoint(prefix, entries, reader)


def _prefix_of(path: str) -> Optional[str]:
  """The prefix that a path means."""
  if os.path.isfile(os.path.join(path, "saved_model.pb")):
    return os.path.join(path, "variables", "variables")
  if os.path.isdir(path):
    found: Optional[str] = tf1.train.latest_checkpoint(path)
    return found
  if os.path.basename(path) == "checkpoint" and os.path.isfile(path):
    return _prefix_of(os.path.dirname(path) or ".")
  return _SUFFIX.sub("", path)


def _others(path: str) -> str:
  """The checkpoints that lie where one was looked for."""
  folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
  if not os.path.isdir(folder):
    return f" Nor is there a folder {folder}."
  names = sorted(
    n[: -len(".index")] for n in os.listdir(folder) if n.endswith(".index")
  )
  if not names:
    return ""
  shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
  return f" There lie: {shown}."


def read_contents(path: str) -> checkpoint_lib.Contents:
  """What a checkpoint holds, without its values.

  Args:
    path: as `open_checkpoint` takes it.

  Raises:
    CaseError: as `open_checkpoint` does.
  """
  found = open_checkpoint(path)
  return checkpoint_lib.Contents(
    found.path, found.entries, _creation_order(found.path)
  )


def _creation_order(prefix: str) -> Tuple[str, ...]:
  """Names of the variables in the graph that a Saver wrote beside; or none."""
  try:
    with open(f"{prefix}.meta", "rb") as file:
      graph = tf1.MetaGraphDef.FromString(file.read()).graph_def
  except (OSError, message.DecodeError):
    return ()
  return tuple(node.name for node in graph.node if node.op in _VARIABLE_OPS)


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
