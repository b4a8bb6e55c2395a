"""Is nothing left behind, however a check ends? No process, no folder."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time

from absl.testing import absltest
from absl.testing import parameterized

from testing.conformance import case_files

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)
# Each side says which process it is, starts a child, and never comes back.
_NEVER_ENDING = """\
import os, subprocess, time

def stay(name):
  child = subprocess.Popen(["sleep", "600"])
  with open(os.path.join(os.environ["PIDS"], name), "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
  os.rename(file.name, file.name + ".pids")
  time.sleep(600)

def tf1(inputs, training):
  stay("tf1")

def tf2():
  return lambda inputs, training: stay("tf2")

"""
_FILES = {
  "good.py": case_files.with_model(""),
  "raises.py": case_files.with_model("def tf2():\n  raise ValueError('no')\n"),
  "never_ending.py": case_files.with_model(_NEVER_ENDING),
}
_DEADLINE_SECONDS = 120.0


def _wait_until(condition) -> bool:
  """Whether the condition became true before the deadline."""
  end = time.monotonic() + _DEADLINE_SECONDS
  while not condition():
    if time.monotonic() > end:
      return False
    time.sleep(0.05)
  return True


def _is_alive(pid: int) -> bool:
  """Whether the process runs; one that only waits to be reaped does not."""
  try:
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
      return file.read().rpartition(")")[2].split()[0] != "Z"
  except OSError:
    return False


class InterruptionTest(parameterized.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = self.enter_context(case_files.folder_of(_FILES))
    # Where the workers' folders are made, and nothing else.
    self.temporary = self.enter_context(tempfile.TemporaryDirectory())
    self.pids = self.enter_context(tempfile.TemporaryDirectory())

  @contextlib.contextmanager
  def _running(self, *arguments):
    process = subprocess.Popen(
      [sys.executable, "-m", "parity", "check", *arguments],
      cwd=_ROOT,
      env={**os.environ, "TMPDIR": self.temporary, "PIDS": self.pids},
      stdout=subprocess.DEVNULL,
      stderr=subprocess.DEVNULL,
      # A shell's background jobs ignore it, and would hand that on.
      preexec_fn=lambda: signal.signal(  # noqa: PLW1509
        signal.SIGINT, signal.default_int_handler
      ),
    )
    try:
      yield process
    finally:
      process.kill()
      process.wait()

  def _processes(self):
    """The workers and their children, once both sides are at work."""
    names = ("tf1.pids", "tf2.pids")
    is_there = lambda: set(os.listdir(self.pids)) == set(names)  # noqa: E731
    self.assertTrue(_wait_until(is_there), "the sides did not start")
    found = []
    for name in names:
      with open(os.path.join(self.pids, name), encoding="utf-8") as file:
        found += [int(pid) for pid in file.read().split()]
    return found

  @parameterized.parameters(
    (signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGKILL, -9)
  )
  def test_a_signal_ends_the_workers_and_their_children(self, number, status):
    with self._running(f"{self.folder}/never_ending.py") as process:
      pids = self._processes()
      self.assertTrue(all(map(_is_alive, pids)))
      process.send_signal(number)
      self.assertEqual(process.wait(_DEADLINE_SECONDS), status)
      self.assertTrue(
        _wait_until(lambda: not any(map(_is_alive, pids))),
        f"left behind: {[pid for pid in pids if _is_alive(pid)]}",
      )
      self.assertTrue(
        _wait_until(lambda: not os.listdir(self.temporary)),
        f"left behind: {os.listdir(self.temporary)}",
      )

  def test_ctrl_c_while_tensorflow_starts_leaves_nothing(self):
    with self._running(f"{self.folder}/good.py") as process:
      folders = lambda: len(os.listdir(self.temporary)) == 2  # noqa: E731
      self.assertTrue(_wait_until(folders))
      process.send_signal(signal.SIGINT)
      self.assertEqual(process.wait(_DEADLINE_SECONDS), 130)
      self.assertEmpty(os.listdir(self.temporary))

  @parameterized.parameters(("good.py", 0), ("raises.py", 2))
  def test_an_end_of_its_own_leaves_no_folder(self, name, status):
    with self._running(f"{self.folder}/{name}") as process:
      self.assertEqual(process.wait(_DEADLINE_SECONDS), status)
      self.assertEmpty(os.listdir(self.temporary))


if __name__ == "__main__":
  absltest.main()
