"""Records as JSON: is what does not fit a record always told as a ValueError?

What a worker sends, and a golden holds, are plain trees that `codec` turns into
records. A tree that is a record after its edits must be that record: written
and read again, it is the same.
"""

from __future__ import annotations

import json
from typing import Any, Dict

from hypothesis import strategies
import numpy as np

from parity.records import checkpoint as checkpoint_lib
from parity.records import codec
from parity.records import strict_json
from testing import fakes
from testing.fuzz import edits as edits_lib
from testing.fuzz import target


def _records() -> Dict[str, object]:
  entry = checkpoint_lib.Entry("net/w", (2, 3), "float32", "weight")
  return {
    "facts": fakes.make_facts(steps=("gradients",), tags=("gpu",)),
    "identity": fakes.make_identity(),
    "request": fakes.make_request(training=True),
    "recording": fakes.make_recording(loss=np.float64(3)),
    "golden": fakes.make_golden(),
    "report": fakes.make_report(fakes.make_check("gradients", "fail")),
    "entry": entry,
  }


class RecordTree(target.Target):
  """The plain tree of a record."""

  name = "records as JSON"

  def __init__(self, folder: str) -> None:
    super().__init__(folder)
    self.records = _records()
    self.plain = {
      name: codec.to_plain(record) for name, record in self.records.items()
    }

  def inputs(self) -> strategies.SearchStrategy[Any]:
    """A record, and edits of its tree or of its text."""
    words = (b"null", b"NaN", b"1e999", b"[" * 100_000, b'"\\ud800"', b"\xff")
    return strategies.tuples(
      strategies.sampled_from(sorted(self.records)),
      strategies.one_of(
        strategies.tuples(strategies.just("tree"), edits_lib.tree_edits()),
        strategies.tuples(strategies.just("text"), edits_lib.byte_edits(words)),
      ),
    )

  def write(self, drawn: Any) -> Any:
    """The text, as it comes through a pipe."""
    name, (what, edits) = drawn
    tree = self.plain[name].tree
    if what == "text":
      text = json.dumps(tree).encode()
      return name, edits_lib.edited_bytes(text, edits)
    return name, json.dumps(edits_lib.edited_tree(tree, edits)).encode()

  def read(self, written: Any) -> str:
    """A record that goes there and back, or a ValueError."""
    name, text = written
    arrays = self.plain[name].arrays
    kind: Any = type(self.records[name])
    with target.told(ValueError) as outcome:
      tree = strict_json.loads(text)
      record: Any = codec.from_plain(kind, tree, arrays)
    if outcome:
      return "refused"
    first = codec.to_plain(record)
    again: Any = codec.from_plain(
      kind, json.loads(json.dumps(first.tree)), first.arrays
    )
    assert codec.to_plain(again).tree == first.tree
    return "a record"

  def warm_up(self) -> None:
    """Reads each record as it is."""
    target.resolve_annotations()
    for name in self.records:
      found = self.read(self.write((name, ("tree", []))))
      assert found == "a record", found
