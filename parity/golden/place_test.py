"""Tests of parity.golden.place: killed, hampered and rival writers."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from absl.testing import absltest

from parity import errors
from parity.golden import bundle
from parity.golden import place

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)
_KILLS = 50

# Writes goldens until it is killed: either each to a place of its own, or all
# to one. Each holds its own number, so that half a one could not pass for one.
_WRITER = """
import os, sys
import numpy as np
from parity.golden import bundle, place
from testing import fakes

folder, mode = sys.argv[1:]
print("ready", flush=True)
number = 0
while True:
  number += 1
  path = os.path.join(folder, "one" if mode == "same" else "at%d" % number)
  value = np.full(300000, number, np.float32)
  recording = fakes.make_recording(
    outputs=(fakes.make_output("logits", value),),
    request=fakes.make_request(seed=number),
  )
  with place.claimed(path):
    bundle.write_golden(path, fakes.make_golden(recording), replace=True)
"""

_LIMITED = """
import resource, sys
import numpy as np
from parity import errors
from parity.golden import bundle, place
from testing import fakes

resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
value = np.zeros(300000, np.float32)
recording = fakes.make_recording(outputs=(fakes.make_output("x", value),))
try:
  with place.claimed(sys.argv[1]):
    bundle.write_golden(
      sys.argv[1], fakes.make_golden(recording), replace=True
    )
except errors.EnvironmentProblem as error:
  print(error)
"""

_HOLDER = """
import sys
from parity.golden import place

with place.claimed(sys.argv[1]):
  print("ready", flush=True)
  sys.stdin.read()
"""


def start(program, *arguments):
  """Starts a program of ours, its output at hand."""
  return subprocess.Popen(
    [sys.executable, "-c", program, *arguments],
    cwd=_ROOT,
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    text=True,
  )


class PlaceTestCase(absltest.TestCase):
  """A folder of its own."""

  def setUp(self):
    super().setUp()
    self.folder = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
    self.path = os.path.join(self.folder, "golden")

  def _publish(self, text, **settings):
    with place.claimed(self.path):
      with place.published(self.path, **settings) as aside:
        with open(os.path.join(aside, "text"), "w", encoding="utf-8") as file:
          file.write(text)

  def _text(self):
    with open(os.path.join(self.path, "text"), encoding="utf-8") as file:
      return file.read()


class PublishedTest(PlaceTestCase):
  def test_a_directory_appears_with_all_that_it_holds(self):
    self._publish("one")
    self.assertEqual(self._text(), "one")
    self.assertEqual(os.listdir(self.folder), ["golden"])

  def test_what_is_there_is_kept_unless_it_is_to_be_replaced(self):
    self._publish("one")
    with self.assertRaisesRegex(errors.GoldenError, "already"):
      self._publish("two")
    self.assertEqual(self._text(), "one")
    self._publish("two", replace=True)
    self.assertEqual(self._text(), "two")
    self.assertEqual(os.listdir(self.folder), ["golden"])

  def test_an_error_while_filling_leaves_nothing(self):
    with self.assertRaises(KeyError), place.claimed(self.path):
      with place.published(self.path):
        raise KeyError
    self.assertEmpty(os.listdir(self.folder))

  def test_what_killed_writers_left_is_removed_or_put_back(self):
    os.mkdir(os.path.join(self.folder, ".golden.abc.part"))
    os.mkdir(os.path.join(self.folder, ".other.abc.part"))
    os.mkdir(os.path.join(self.folder, ".golden.old"))
    with place.claimed(self.path):
      self.assertCountEqual(
        os.listdir(self.folder), [".golden.lock", ".other.abc.part", "golden"]
      )

  def test_what_can_be_read_by_others_is_as_the_umask_says(self):
    self._publish("one")
    mask = os.umask(0)
    os.umask(mask)
    self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o777 & ~mask)


class ClaimedTest(PlaceTestCase):
  def test_two_writers_of_one_place_are_told_apart(self):
    holder = start(_HOLDER, self.path)
    self.assertEqual(holder.stdout.readline(), "ready\n")
    with self.assertRaisesRegex(
      errors.GoldenError, f"Another recording .process {holder.pid}."
    ):
      self._publish("mine")
    with place.claimed(os.path.join(self.folder, "another")):
      pass  # Another place is free.
    holder.communicate()  # Closes its input, so it ends.
    self._publish("mine")
    self.assertEqual(self._text(), "mine")

  def test_a_killed_holder_blocks_nobody(self):
    holder = start(_HOLDER, self.path)
    self.assertEqual(holder.stdout.readline(), "ready\n")
    holder.kill()
    holder.communicate()
    self._publish("mine")
    self.assertEqual(os.listdir(self.folder), ["golden"])

  def test_a_place_without_a_parent_is_named(self):
    path = os.path.join(self.folder, "none", "golden")
    with self.assertRaisesRegex(errors.GoldenError, "there is no directory"):
      with place.claimed(path):
        self.fail("It was claimed.")


class KilledTest(PlaceTestCase):
  def _seconds_to_write(self):
    """Lets a writer write one golden; how long that takes now."""
    writer = start(_WRITER, self.folder, "same")
    self.assertEqual(writer.stdout.readline(), "ready\n")
    begin = time.monotonic()
    while "one" not in os.listdir(self.folder):
      self.assertLess(time.monotonic(), begin + 60)
      time.sleep(0.001)
    writer.kill()
    writer.communicate()
    return time.monotonic() - begin

  def _kill_at_a_random_moment(self, rng, mode, longest):
    writer = start(_WRITER, self.folder, mode)
    self.assertEqual(writer.stdout.readline(), "ready\n")
    time.sleep(rng.uniform(0, longest))
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()

  def _check_whole(self, path):
    golden = bundle.read_golden(path).golden
    value = golden.recordings[0].outputs[0].value
    self.assertTrue((value == golden.seed).all())

  def test_a_writer_killed_at_any_moment_leaves_no_golden_or_a_whole_one(self):
    rng = random.Random(0)
    found = 0
    longest = 3 * self._seconds_to_write()
    for round_ in range(_KILLS):
      mode = "same" if round_ % 2 else "apart"
      self._kill_at_a_random_moment(rng, mode, longest)
      for name in os.listdir(self.folder):
        if not name.startswith("."):
          self._check_whole(os.path.join(self.folder, name))
          found += 1
      if mode == "same":
        # It was there before, so it never is not.
        self.assertIn("one", os.listdir(self.folder))
      for name in os.listdir(self.folder):
        if name != "one":
          path = os.path.join(self.folder, name)
          shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)

    self.assertGreater(found, _KILLS // 2)


class FullDiskTest(PlaceTestCase):
  def _write_limited(self):
    writer = start(_LIMITED, self.path)
    output, _ = writer.communicate()
    self.assertIn("Cannot write the golden", output)
    self.assertIn("too large", output)

  def test_a_full_disk_leaves_nothing_and_says_so(self):
    self._write_limited()
    self.assertEmpty(os.listdir(self.folder))

  def test_a_full_disk_keeps_the_golden_that_was_there(self):
    from testing import fakes

    bundle.write_golden(self.path, fakes.make_golden())
    self._write_limited()
    self.assertEqual(os.listdir(self.folder), ["golden"])
    self.assertEqual(bundle.read_golden(self.path).golden.side, "tf1")


if __name__ == "__main__":
  absltest.main()
