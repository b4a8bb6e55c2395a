"""What comes of a worker that crashes, starves or writes where it must not?

One run of all cases: the verdict of each broken one is `error`, with its own
reason; the next case goes on, no process of the run lives on, and no file of it
is left. The twins, a slow worker and one that prints much, pass.
`lost_worker_test` has those that leave, are killed or stopped.
"""

from __future__ import annotations

import os
import tempfile

from absl.testing import absltest
from absl.testing import parameterized

from parity import runner
from testing import faults
from testing.conformance import case_files

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_CASE = (
  "CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,"
  " steps=['random_inference'])\n"
)
_TF1 = "def tf1(inputs, training):\n"
_AS_IT_IS = "  import small_model\n  return small_model.tf1(inputs, training)\n"
_EVERYWHERE = """\
  import os
  for number in range(256):
    try:
      os.write(number, TEXT)
    except OSError:
      pass
"""
_LESS_MEMORY = """\
import resource

def leave(count):
  with open("/proc/self/statm") as file:
    taken = int(file.read().split()[0]) * resource.getpagesize()
  most = resource.getrlimit(resource.RLIMIT_AS)[1]
  resource.setrlimit(resource.RLIMIT_AS, (taken + count, most))

"""
# What each file does, and what must be told of it. In this order: a limit that
# a process has set stays with it, so a case that ends it comes behind.
_BROKEN = {
  "no_memory_for_numpy": (
    _LESS_MEMORY
    + _TF1
    + "  leave(1 << 26)\n"
    + "  return {'y': inputs['x'] * np.ones((1 << 30, 4)).sum()}\n",
    ("tf1 raised MemoryError",),
  ),
  "full_disk": (
    "import resource\n"
    "import sys\n"
    + _TF1
    # Or Python leaves a module's bytecode cut short there, and cannot read it.
    + "  sys.dont_write_bytecode = True\n"
    + "  resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
    + _AS_IT_IS,
    ("What was recorded cannot be written", "TMPDIR"),
  ),
  "garbage_everywhere": (
    "TEXT = b'\\xff\\x00}{ garbage\\n' * 100\n"
    + _TF1
    + _EVERYWHERE
    + _AS_IT_IS,
    ("tf1 side answered what is no answer",),
  ),
  "answers_everywhere": (
    "TEXT = b'{}\\n'\n" + _TF1 + _EVERYWHERE + _AS_IT_IS,
    ("tf1 side answered what is no answer",),
  ),
  "no_memory_for_parity": (
    _LESS_MEMORY
    + "def tf2():\n"
    + "  import tensorflow as tf\n"
    + "  def port(inputs, training):\n"
    # A copy must be made of it.
    + "    y = tf.ones((1 << 23, 4), tf.bfloat16)\n"
    + "    leave(1 << 20)\n"
    + "    return {'y': y}\n"
    + "  return port\n",
    ("There is no memory left .Unable to allocate",),
  ),
  "no_memory_for_tensorflow": (
    _LESS_MEMORY
    + "def tf2():\n"
    + "  import tensorflow as tf\n"
    + "  def port(inputs, training):\n"
    + "    leave(1 << 26)\n"
    + "    return {'y': tf.ones((1 << 30, 4))}\n"
    + "  return port\n",
    # Which of them depends on what asks first.
    ("tf2 side was killed by SIGABRT|port raised ResourceExhaustedError",),
  ),
  "segfault": (
    (
      "def tf2():\n"
      "  import ctypes, os, time\n"
      "  if os.fork() == 0:\n"
      "    time.sleep(600)\n"
      "  ctypes.string_at(0)\n"
    ),
    ("tf2 side was killed by SIGSEGV",),
  ),
}
_SOUND = {
  "slow": _TF1 + "  import time\n  time.sleep(2)\n" + _AS_IT_IS,
  "loud": _TF1
  + "  import os\n"
  + "  for _ in range(100):\n"
  + "    os.write(1, b'\\xff\\x00{\"error\": 3}\\n' * 1000)\n"
  + _AS_IT_IS,
}


def _told(report) -> str:
  """All that a report says of what went wrong."""
  reasons = [check.reason for check in report.checks if check.reason]
  return "\n".join([report.error or "", *reasons])


class WorkerFaultsTest(parameterized.TestCase):
  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    texts = {**_SOUND, **{name: text for name, (text, _) in _BROKEN.items()}}
    texts["good"] = ""
    files = {
      f"{name}.py": case_files.with_model(text + _CASE)
      for name, text in texts.items()
    }
    cls.temporary = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    before, tempfile.tempdir = tempfile.tempdir, cls.temporary
    try:
      with case_files.folder_of(files) as folder, faults.marked() as mark:
        found = runner.check_files([f"{folder}/{name}" for name in files])
        cls.alive = faults.processes_of(mark)
    finally:
      tempfile.tempdir = before
    cls.reports = dict(zip(texts, found))

  @parameterized.parameters(*_BROKEN)
  def test_is_an_error_and_told(self, name):
    report = self.reports[name]
    self.assertEqual(report.verdict, "error", _told(report))
    self.assertIn(report.exit_status, (2, 3))
    for words in _BROKEN[name][1]:
      self.assertRegex(_told(report), words)
    self.assertNotIn("Traceback", _told(report))
    self.assertNotIn("bug in parity", _told(report))

  @parameterized.parameters(*_SOUND, "good")
  def test_what_is_only_slow_or_loud_or_comes_behind_passes(self, name):
    report = self.reports[name]
    self.assertEqual(report.verdict, "pass", _told(report))

  def test_no_process_and_no_file_is_left(self):
    self.assertEmpty(self.alive)
    self.assertEmpty(os.listdir(self.temporary))


if __name__ == "__main__":
  absltest.main()
