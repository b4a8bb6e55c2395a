"""Does a `record` killed at any moment leave no golden, or a whole one?

Each of fifty processes records a case and is killed with SIGKILL at a random
moment of it: while the graph is made or run, while the golden is written, after
it is there. They are forks of this process, which has imported TensorFlow and
run nothing, so that the moments fall into the recording and not into an import.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time

from absl.testing import absltest
import numpy as np

from parity import case as case_lib
from parity import recorder
from parity.golden import bundle
from parity.records import options as options_lib
from parity.tf import behaviour

behaviour.import_tensorflow()

_KILLS = 50
_OPTIONS = options_lib.Options(steps=("random_inference", "random_training"))
# Large enough that writing takes a part of the time.
_WIDTH = 300


def _inputs(rng):
  return {"x": rng.normal(size=(4, _WIDTH)).astype(np.float32)}


def _tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  del training
  net = inputs["x"]
  for layer in range(4):
    with tf.variable_scope(f"layer{layer}"):
      weights = tf.get_variable("w", [_WIDTH, _WIDTH])
      net = tf.nn.relu(tf.matmul(net, weights))
  return {"y": net}


def _record(path):
  case = case_lib.Case(inputs=_inputs, tf1=_tf1, name="killed")
  recorder.record(case, out=path, update=True, options=_OPTIONS)


def _started(path):
  """A fork that records, then waits to be killed."""
  pid = os.fork()
  if pid == 0:
    try:
      _record(path)
      time.sleep(600)
    finally:
      os._exit(1)
  return pid


def _wait_for(path, pid):
  while not os.path.isdir(path):
    if os.waitpid(pid, os.WNOHANG) != (0, 0):
      raise AssertionError("The recording failed.")
    time.sleep(0.005)


def _kill(pid):
  os.kill(pid, signal.SIGKILL)
  _, status = os.waitpid(pid, 0)
  return status


class KilledRecordTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

  def _seconds_of_one(self):
    path = os.path.join(self.folder, "first")
    start = time.monotonic()
    pid = _started(path)
    _wait_for(path, pid)
    seconds = time.monotonic() - start
    _kill(pid)
    return seconds

  def test_fifty_kills_leave_no_golden_or_a_whole_one(self):
    rng = random.Random(0)
    seconds = self._seconds_of_one()
    path = os.path.join(self.folder, "golden")
    whole = 0
    for _ in range(_KILLS):
      pid = _started(path)
      time.sleep(rng.uniform(0, 1.3 * seconds))
      self.assertEqual(_kill(pid), signal.SIGKILL)
      if os.path.lexists(path):
        found = bundle.read_golden(path).golden
        self.assertLen(found.recordings, 2)
        self.assertLen(found.recordings[0].variables, 4)
        whole += 1
        shutil.rmtree(path)
    self.assertBetween(whole, 1, _KILLS - 1)
    # What they left aside is in nobody's way, and goes with the next.
    pid = _started(path)
    _wait_for(path, pid)
    _kill(pid)
    self.assertLen(bundle.read_golden(path).golden.recordings, 2)
    left = [n for n in os.listdir(self.folder) if n.startswith(".golden")]
    self.assertLessEqual(len(left), 1)  # The lock of the one just killed.


if __name__ == "__main__":
  absltest.main()
