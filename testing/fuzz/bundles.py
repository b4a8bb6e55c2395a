"""Goldens: does one that was altered ever pass, or one that was forged do harm?

`AlteredBundle` edits the bytes of one of its files, as a disk or a person may:
what is read then is refused, always. `ForgedBundle` edits the manifest, the
header of the tensors or their bytes, and then makes all checksums right, as
only who means it does: that is read or refused, and `diff` against the original
says `pass` only where an oracle of its own finds every output of every
recording within the tolerance.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from typing import Any, Dict, List, Tuple

from hypothesis import strategies
import numpy as np

from parity import errors
from parity import verifier
from parity.golden import bundle as bundle_lib
from parity.golden import manifest as manifest_lib
from parity.records import golden as golden_lib
from parity.records import tolerance as tolerance_lib
from testing.fuzz import edits as edits_lib
from testing.fuzz import target

_TESTING = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SEEDS = ("embedding", "dense_dropout")
_FILES = (manifest_lib.NAME, manifest_lib.TENSORS)
_ZEROS = "0" * 64
_TOLERANCE = tolerance_lib.Tolerance()
_WORDS = (
  b"null",
  b"NaN",
  b"1e999",
  b"1" * 5000,
  b"[" * 100_000,
  b'"side": "tf2", ',
  b'"\\ud800"',
  b'{"$array": "x"}',
  b'{"$float": "nan"}',
  b"../",
  b"\x00",
  b"\xff",
  b"cos\nsystem\n(S'touch canary'\ntR.",
)

_Files = Dict[str, bytes]


def seed_files(name: str) -> _Files:
  """The files of a golden of the tree."""
  found: _Files = {}
  for file in _FILES:
    path = os.path.join(_TESTING, "goldens", name, file)
    with open(path, "rb") as stream:
      found[file] = stream.read()
  return found


def sealed(text: str, stored: bytes) -> bytes:
  """A manifest's text, the checksums in it made right.

  Args:
    text: with zeros, or nothing, where its own checksum stands.
    stored: the tensors file.
  """
  digest = hashlib.sha256(stored).hexdigest()
  head, mark, tail = text.partition('"size": ')
  if mark:
    # The tensors file's entry is the only one.
    rest = tail.lstrip("0123456789")
    text = head + mark + str(len(stored)) + rest
  text = text.replace(f'"sha256": "{"f" * 64}"', f'"sha256": "{digest}"', 1)
  blank = text.encode("utf-8", "surrogatepass")
  own = hashlib.sha256(blank).hexdigest().encode()
  return blank.replace(_ZEROS.encode(), own, 1)


class _Bundle(target.Target):
  def __init__(self, folder: str) -> None:
    super().__init__(folder)
    self.seeds = {name: seed_files(name) for name in SEEDS}
    self.originals: Dict[str, golden_lib.Bundle] = {}
    for name, files in self.seeds.items():
      place = os.path.join(folder, f"original_{name}")
      self.originals[name] = bundle_lib.read_golden(self.put(place, files))

  def put(self, place: str, files: _Files) -> str:
    """Writes a bundle's files."""
    os.makedirs(place, exist_ok=True)
    for name, content in files.items():
      target.write_file(os.path.join(place, name), content)
    return place


class AlteredBundle(_Bundle):
  """Bytes of a golden, edited."""

  name = "altered bundles"

  def inputs(self) -> strategies.SearchStrategy[Any]:
    """A seed, which of its files, and edits of its bytes."""
    return strategies.tuples(
      strategies.sampled_from(SEEDS),
      strategies.sampled_from(_FILES),
      edits_lib.byte_edits(_WORDS),
    )

  def write(self, drawn: Any) -> Tuple[str, bool]:
    """Writes the bundle; and whether it is altered at all."""
    seed, name, edits = drawn
    files = dict(self.seeds[seed])
    files[name] = edits_lib.edited_bytes(files[name], edits)
    place = self.put(os.path.join(self.folder, "altered"), files)
    return place, files != self.seeds[seed]

  def read(self, written: Any) -> str:
    """Refused, unless the edits left it as it was."""
    place, is_altered = written
    with target.told(errors.GoldenError) as outcome:
      bundle_lib.read_golden(place)
    assert bool(outcome) == is_altered, "an altered golden was read"
    return "refused" if outcome else "as it was"

  def warm_up(self) -> None:
    """Reads one whole golden and one that is cut."""
    target.resolve_annotations()
    for edits in ([], [edits_lib.Edit("cut", (9, 0))]):
      self.read(self.write((SEEDS[0], manifest_lib.NAME, edits)))


class ForgedBundle(_Bundle):
  """A golden that was changed, its checksums made right."""

  name = "forged bundles"

  def inputs(self) -> strategies.SearchStrategy[Any]:
    """A seed, what is forged, and its edits."""
    tree = edits_lib.tree_edits()
    return strategies.tuples(
      strategies.sampled_from(SEEDS),
      strategies.one_of(
        strategies.tuples(strategies.just("manifest"), tree),
        strategies.tuples(strategies.just("golden"), tree),
        strategies.tuples(
          strategies.just("text"), edits_lib.byte_edits(_WORDS)
        ),
        strategies.tuples(strategies.just("header"), tree),
        strategies.tuples(
          strategies.just("tensors"), edits_lib.byte_edits(_WORDS)
        ),
        strategies.tuples(
          strategies.just("body"), edits_lib.byte_edits(_WORDS)
        ),
      ),
    )

  def write(self, drawn: Any) -> Tuple[str, str]:
    """Writes the forged bundle; and says of which seed it is."""
    seed, (what, edits) = drawn
    files = self.seeds[seed]
    stored = _forged_tensors(files[manifest_lib.TENSORS], what, edits)
    text = _forged_manifest(files[manifest_lib.NAME], what, edits)
    forged = {
      manifest_lib.NAME: sealed(text, stored),
      manifest_lib.TENSORS: stored,
    }
    return self.put(os.path.join(self.folder, "forged"), forged), seed

  def read(self, written: Any) -> str:
    """Read or refused; and where it passes, it is the original in effect."""
    place, seed = written
    original = self.originals[seed]
    with target.told(errors.ParityError) as outcome:
      forged = bundle_lib.read_golden(place)
    if outcome:
      return "refused"
    with target.told(errors.ParityError) as outcome:
      report = verifier.diff(original, forged, tolerance=_TOLERANCE)
    if outcome:
      return "read, diff refused"
    reasons = [check.reason or "" for check in report.checks]
    said = "\n".join([report.error or "", *reasons])
    assert "bug in parity" not in said, said
    assert "Traceback" not in said, said
    if report.verdict == "pass":
      unlike = differences(original.golden, forged.golden)
      assert not unlike, f"passes although {unlike[0]}"
    return f"read, diff {report.verdict}"

  def warm_up(self) -> None:
    """Judges a golden that is sound, and one whose numbers are others."""
    target.resolve_annotations()
    nothing: List[edits_lib.Edit] = []
    noise = [edits_lib.Edit("noise", (n, 0), b"AAAA") for n in range(0, 900, 4)]
    for seed in SEEDS:
      found = self.read(self.write((seed, ("text", nothing))))
      assert found == "read, diff pass", found
      self.read(self.write((seed, ("body", noise))))
      self.read(self.write((seed, ("header", [edits_lib.Edit("drop", (1,))]))))


def _forged_manifest(
  found: bytes, what: str, edits: List[edits_lib.Edit]
) -> str:
  tree = json.loads(found)
  tree["sha256"] = _ZEROS
  tree["files"][manifest_lib.TENSORS]["sha256"] = "f" * 64
  if what == "manifest":
    tree = edits_lib.edited_tree(tree, edits)
  elif what == "golden":
    tree["golden"] = edits_lib.edited_tree(tree["golden"], edits)
  text = json.dumps(tree)
  if what == "text":
    text = edits_lib.edited_bytes(text.encode(), edits).decode("latin-1")
  return text


def _forged_tensors(
  found: bytes, what: str, edits: List[edits_lib.Edit]
) -> bytes:
  (length,) = struct.unpack("<Q", found[:8])
  header, body = found[8 : 8 + length], found[8 + length :]
  if what == "tensors":
    return edits_lib.edited_bytes(found, edits)
  if what == "body":
    # Longer or shorter would only be refused.
    body = (edits_lib.edited_bytes(body, edits) + body)[: len(body)]
  if what == "header":
    tree = edits_lib.edited_tree(json.loads(header), edits)
    header = json.dumps(tree).encode()
    header += b" " * (-len(header) % 8)
  return struct.pack("<Q", len(header)) + header + body


def differences(
  original: golden_lib.Golden, forged: golden_lib.Golden
) -> List[str]:
  """What of a golden another lacks or has otherwise, by plain NumPy.

  Args:
    original: the reference.
    forged: held against it.
  """
  found: List[str] = []
  others = {recording.request: recording for recording in forged.recordings}
  for recording in original.recordings:
    other = others.get(recording.request)
    if other is None:
      found.append(f"a recording is missing: {recording.request}")
      continue
    values = {output.path: output.value for output in other.outputs}
    for output in recording.outputs:
      if output.path not in values:
        found.append(f"output {output.path} is missing")
      elif not _is_close(output.value, values[output.path]):
        found.append(f"output {output.path} differs")
  return found


def _is_close(reference: Any, other: Any) -> bool:
  reference, other = np.asarray(reference), np.asarray(other)
  if reference.shape != other.shape:
    return False
  if reference.dtype.kind not in "fc" or other.dtype.kind not in "fc":
    return bool(np.array_equal(reference, other))
  # A little wider: the limits themselves are not what is asked here.
  return bool(
    np.allclose(
      other.astype(np.complex128),
      reference.astype(np.complex128),
      rtol=_TOLERANCE.rtol * 1.01,
      atol=_TOLERANCE.atol * 1.01,
      equal_nan=True,
    )
  )
