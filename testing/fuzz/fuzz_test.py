"""The short form of testing.fuzz, and that it would see what must not be.

Inputs that broke a rule once have tests beside what they broke: a number that
no float holds and a key that stands twice (`golden/bundle_test.py`), names of
any length (`records/codec_test.py`), `tags=None` and NumPy's scalars
(`case_test.py`), a line of 5000 digits (`runs/snippets_test.py`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
from hypothesis import strategies
import numpy as np

from parity import errors
from parity.golden import bundle
from testing.fuzz import bundles
from testing.fuzz import campaign
from testing.fuzz import cases
from testing.fuzz import checkpoints
from testing.fuzz import edits
from testing.fuzz import guard
from testing.fuzz import target as target_lib
from testing.fuzz import trees

# hypothesis is in the default cell alone.
CELLS_SINCE = "tf2.21"
CELLS_UNTIL = "tf2.21"

_SEED = 8
_INPUTS = 120
_ELSEWHERE = os.path.join(os.sep, "var", "parity_canary")


class _Canary:
  """Runs code where somebody unpickles it."""

  def __reduce__(self):
    return os.system, ("touch canary",)


def _unpickle():
  return pickle.loads(pickle.dumps(_Canary()))  # noqa: S301


def _evaluate():
  return eval("1 + 1")  # noqa: S307


def _shell():
  os.system("touch canary")  # noqa: S605


def _open(path, mode):
  with open(path, mode) as file:
    return file.fileno()


class _Broken(target_lib.Target):
  """A reader that does what a test gives it to do."""

  name = "broken"

  def __init__(self, folder, do):
    super().__init__(folder)
    self.do = do

  def inputs(self):
    return strategies.integers(0, 9)

  def write(self, drawn):
    return drawn

  def read(self, written):
    self.do(written)
    return "read"

  def warm_up(self):
    pass


class FuzzTestCase(parameterized.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = self.enter_context(tempfile.TemporaryDirectory())


class ShortFormTest(FuzzTestCase):
  @parameterized.parameters(*campaign.TARGETS)
  def test_no_input_breaks_a_rule(self, kind):
    target = campaign.made(kind, self.folder)
    tally = campaign.run(target, inputs=_INPUTS, seed=_SEED)
    self.assertEmpty(tally.broken)
    self.assertGreaterEqual(tally.inputs, _INPUTS)
    # Not all alike: some inputs are refused, and some are not.
    self.assertGreater(len(tally.outcomes), 1, tally.outcomes)


class EffectTest(FuzzTestCase):
  """What reading may not do is seen, whatever the reader makes of it."""

  def _broken(self, do):
    target = _Broken(self.folder, do)
    return campaign.run(target, inputs=20, seed=_SEED).broken

  @parameterized.named_parameters(
    ("a_pickle", lambda _: _unpickle(), "pickle"),
    ("code", lambda _: _evaluate(), "compiled '<string>'"),
    ("a_program", lambda _: subprocess.run(["true"], check=True), "Popen"),
    ("a_shell", lambda _: _shell(), "os.system"),
    ("a_connection", lambda _: socket.create_connection(("::1", 9)), "socket."),
    ("a_file", lambda _: _open(_ELSEWHERE, "w"), "for writing"),
    ("a_secret", lambda _: _open("/etc/passwd", "r"), "read '/etc/passwd'"),
    ("a_folder", lambda _: os.mkdir(_ELSEWHERE), "os.mkdir"),
  )
  def test_is_seen(self, do, words):
    self.assertIn(words, self._broken(do))
    self.assertFalse(os.path.exists(_ELSEWHERE))
    self.assertFalse(os.path.exists("canary"))

  def test_is_seen_where_the_reader_hides_it(self):
    def hide(_):
      with contextlib.suppress(BaseException):
        _shell()

    self.assertIn("os.system", self._broken(hide))

  def test_what_only_some_inputs_do_is_told_by_the_smallest(self):
    def read(number):
      if number > 3:
        raise KeyError(number)

    told = self._broken(read)
    self.assertIn("KeyError: 4", told)
    self.assertIn("drawn=4", told)

  def test_a_hang_is_ended(self):
    def hang(_):
      while True:
        pass

    with mock.patch.object(guard, "_SECONDS", 0.2):
      self.assertIn("of processor time", self._broken(hang))

  def test_much_memory_is_seen(self):
    with mock.patch.object(guard, "_MOST_GROWTH", 8 << 20):
      told = self._broken(lambda _: bytearray(1 << 30).count(1))
    self.assertIn("MiB of memory", told)

  def test_reading_and_files_of_its_own_are_allowed(self):
    def read(_):
      with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        with open(path, "w") as file:
          file.write("text")
        os.rename(path, f"{path}.2")
      with open(os.__file__) as file:
        file.readline()

    self.assertEmpty(self._broken(read))

  def test_nothing_is_watched_afterwards(self):
    self.assertIn("compiled", self._broken(lambda _: _evaluate()))
    self.assertEqual(_evaluate(), 2)
    before = signal.getsignal(signal.SIGPROF)
    self._broken(lambda _: None)
    self.assertEqual(signal.getsignal(signal.SIGPROF), before)
    self.assertEqual(signal.getitimer(signal.ITIMER_PROF)[0], 0)


class SentenceTest(FuzzTestCase):
  @parameterized.parameters(
    "", "x" * 10_000, "Traceback (most", "this is a bug in parity: KeyError"
  )
  def test_what_is_no_sentence_is_seen(self, text):
    with self.assertRaises(AssertionError):
      with target_lib.told(errors.CaseError):
        raise errors.CaseError(text)

  def test_another_error_passes_through(self):
    with self.assertRaises(KeyError):
      with target_lib.told(errors.ParityError):
        raise KeyError("x")

  def test_a_sentence_is_the_outcome(self):
    with target_lib.told(errors.ParityError) as outcome:
      raise errors.CaseError("It has no CASE.")
    self.assertEqual(outcome, {"refused": "CaseError"})


class OracleTest(FuzzTestCase):
  def test_a_golden_that_is_altered_and_read_is_seen(self):
    target = campaign.made(bundles.AlteredBundle, self.folder)
    edit = edits.Edit("noise", (60, 0), b"7")
    place, is_altered = target.write(("embedding", "manifest.json", [edit]))
    self.assertTrue(is_altered)
    self.assertEqual(target.read((place, True)), "refused")
    with self.assertRaisesRegex(AssertionError, "an altered golden was read"):
      target.read((place, False))

  def test_it_tells_other_numbers_and_outputs_that_are_missing(self):
    target = campaign.made(bundles.ForgedBundle, self.folder)
    whole = target.originals["embedding"].golden
    place, _ = target.write(("embedding", ("text", [])))
    self.assertEmpty(
      bundles.differences(whole, bundle.read_golden(place).golden)
    )
    noise = _noise_in_an_output(target)
    place, _ = target.write(("embedding", ("body", noise)))
    forged = bundle.read_golden(place).golden
    self.assertIn("differs", bundles.differences(whole, forged)[0])
    fewer = dataclasses.replace(whole, recordings=whole.recordings[1:])
    self.assertIn("missing", bundles.differences(whole, fewer)[0])

  def test_a_verdict_that_overlooks_numbers_is_seen(self):
    target = campaign.made(bundles.ForgedBundle, self.folder)
    noise = _noise_in_an_output(target)
    written = target.write(("embedding", ("body", noise)))
    self.assertEqual(target.read(written), "read, diff fail")
    wide = mock.patch.object(bundles, "_TOLERANCE", bundles._TOLERANCE)
    lenient = bundles.tolerance_lib.Tolerance(rtol=1e30, atol=1e30)
    original = bundles.verifier.diff
    with wide, mock.patch.object(
      bundles.verifier,
      "diff",
      lambda a, b, **_: original(a, b, tolerance=lenient),
    ):
      with self.assertRaisesRegex(AssertionError, "passes although"):
        target.read(written)

  def test_a_seed_gives_the_same_inputs_again(self):
    target = campaign.made(trees.RecordTree, self.folder)
    found = []
    for seed in (1, 1, 2):
      drawn = []

      def note(each, drawn=drawn):
        drawn.append(each)
        return trees.RecordTree.write(target, each)

      with mock.patch.object(target, "write", note):
        campaign.run(target, inputs=30, seed=seed)
      found.append(repr(drawn))
    self.assertEqual(found[0], found[1])
    self.assertNotEqual(found[0], found[2])

  def test_a_checkpoint_that_asks_for_all_memory_is_refused(self):
    # Its index then says that a block of it is 32 GiB long.
    target = campaign.made(checkpoints.CheckpointFiles, self.folder)
    target.warm_up()
    word = edits.Edit("word", (4010, 0), b"\x80\x80\x80\x80\x80\x01")
    with guard.bounded_memory():
      found = campaign.read_one(target, ("model.ckpt-3.index", [word]))
    self.assertEqual(found, "refused")

  def test_a_case_file_may_run_and_leaves_no_module(self):
    target = campaign.made(cases.CaseFile, self.folder)
    before = set(sys.modules)
    target.warm_up()
    left = {n for n in set(sys.modules) - before if "parity_case" in n}
    self.assertEmpty(left)


def _noise_in_an_output(target):
  """Edits of the body that change the first output's numbers."""
  files = target.seeds["embedding"]
  golden = json.loads(files["manifest.json"])["golden"]
  key = golden["recordings"][0]["outputs"][0]["value"]["$array"]
  stored = files["tensors.safetensors"]
  header = json.loads(stored[8 : 8 + int.from_bytes(stored[:8], "little")])
  start, end = header[key]["data_offsets"]
  return [
    edits.Edit("noise", (n, 0), b"AAAA") for n in range(start, end - 3, 4)
  ]


class EditsTest(parameterized.TestCase):
  @parameterized.parameters(
    ("word", b"abXcd"),
    ("cut", b"ab"),
    ("drop", b"ad"),
    ("repeat", b"abcbcd"),
    ("noise", b"abXd"),
    ("flip", b"abad"),
  )
  def test_each_kind_does_what_it_says(self, kind, wanted):
    place = (1, 3) if kind in ("drop", "repeat") else (2, 1)
    edit = edits.Edit(kind, place, b"X")
    self.assertEqual(edits.edited_bytes(b"abcd", [edit]), wanted)

  @parameterized.parameters(
    ("value", {"a": [1, "v"]}),
    ("drop", {"a": [1]}),
    ("copy", {"a": [1, 2, 2]}),
    ("change", {"a": [1, 3]}),
    ("wrap", {"a": [1, [2]]}),
  )
  def test_each_kind_edits_a_tree(self, kind, wanted):
    seed = {"a": [1, 2]}
    edit = edits.Edit(kind, (0, 1), "v")
    self.assertEqual(edits.edited_tree(seed, [edit]), wanted)
    self.assertEqual(seed, {"a": [1, 2]})

  def test_any_place_leads_somewhere(self):
    rng = np.random.RandomState(0)
    for kind in edits.BYTE_KINDS:
      for _ in range(20):
        place = tuple(int(n) for n in rng.randint(0, 1 << 20, size=2))
        edits.edited_bytes(b"", [edits.Edit(kind, place, b"")])
        edits.edited_bytes(b"abc", [edits.Edit(kind, place, b"xy")])
    for kind in edits.TREE_KINDS:
      for seed in ({}, [], 3, None, {"a": {}}, [[], [1]]):
        edits.edited_tree(seed, [edits.Edit(kind, (5, 7, 1), [])])


if __name__ == "__main__":
  absltest.main()
