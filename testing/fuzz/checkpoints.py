"""TF1.x checkpoints: is a damaged one refused, or exactly what it was?

The bytes of one of a checkpoint's files are edited; then it is listed, as
`parity checkpoint ls` does, and its entries are read, as restoring does. Either
both give what the whole checkpoint gives, or a CaseError says that it is
damaged.
"""

from __future__ import annotations

import os
from typing import Any, Dict, Tuple

from hypothesis import strategies
import numpy as np

from parity import errors
from parity.golden import tensors
from testing.fuzz import edits as edits_lib
from testing.fuzz import target

_FOLDER = os.path.join(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
  *("models", "checkpoints", "conv_classifier"),
)
_NAME = "model.ckpt-3"
_WORDS = (b"\x00" * 8, b"\xff" * 8, b"\x80\x80\x80\x80\x80\x01", b"\x08\x01")


class CheckpointFiles(target.Target):
  """The files of a checkpoint."""

  name = "TF1.x checkpoints"

  def __init__(self, folder: str) -> None:
    super().__init__(folder)
    self.files: Dict[str, bytes] = {}
    for name in sorted(os.listdir(_FOLDER)):
      with open(os.path.join(_FOLDER, name), "rb") as file:
        self.files[name] = file.read()
    self.prefix = os.path.join(folder, _NAME)
    self.out = os.path.join(folder, "read.safetensors")
    for name, content in self.files.items():
      target.write_file(os.path.join(folder, name), content)
    self.contents, self.arrays = self._read()
    self.edited = ""

  def inputs(self) -> strategies.SearchStrategy[Any]:
    """Which file, and edits of its bytes."""
    return strategies.tuples(
      # Its index is read by far more code than its data.
      strategies.sampled_from(sorted(self.files) + [f"{_NAME}.index"] * 3),
      edits_lib.byte_edits(_WORDS),
    )

  def write(self, drawn: Any) -> bool:
    """Puts the files there; and says whether one is not as it was."""
    name, edits = drawn
    if self.edited:
      path = os.path.join(self.folder, self.edited)
      target.write_file(path, self.files[self.edited])
    self.edited = name
    found = edits_lib.edited_bytes(self.files[name], edits)
    target.write_file(os.path.join(self.folder, name), found)
    return found != self.files[name]

  def read(self, written: Any) -> str:
    """Refused, or the whole checkpoint's entries and numbers."""
    with target.told(errors.CaseError) as outcome:
      contents, arrays = self._read()
    if outcome:
      assert written, "a whole checkpoint was refused"
      return "refused"
    assert contents == self.contents, f"{contents}, was {self.contents}"
    assert sorted(arrays) == sorted(self.arrays), sorted(arrays)
    for name, value in self.arrays.items():
      np.testing.assert_array_equal(arrays[name], value, name)
    return "as it was" if not written else "altered where nothing is read"

  def warm_up(self) -> None:
    """Reads it whole, and damaged."""
    self.read(self.write((f"{_NAME}.index", [])))
    self.read(self.write((f"{_NAME}.index", [edits_lib.Edit("cut", (9, 0))])))

  def _read(self) -> Tuple[Any, Dict[str, np.ndarray]]:
    from parity.tf.record import checkpoint

    contents = checkpoint.read_contents(self.prefix)
    checkpoint.open_checkpoint(self.prefix).write(self.out)
    return contents, tensors.map_tensors(self.out)
