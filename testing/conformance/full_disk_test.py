"""What does `parity record` leave and say where the disk is full?"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile

from absl.testing import absltest

from parity.golden import bundle

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)
_LIMIT = 200_000
_CASE = """
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, SIZE)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf
  return {"y": tf.matmul(inputs["x"], tf.get_variable("w", [SIZE, SIZE]))}


SIZE = 300
CASE = parity.Case(inputs=inputs, tf1=tf1)
SMALL = parity.Case(
  inputs=lambda rng: np.ones(3, np.float32), tf1=lambda x, training: x
)
"""


def _limit():
  """A file that grows beyond it is refused, as on a full disk."""
  resource.setrlimit(resource.RLIMIT_FSIZE, (_LIMIT, _LIMIT))


class FullDiskTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = self.enter_context(tempfile.TemporaryDirectory())
    self.file = os.path.join(self.folder, "case.py")
    with open(self.file, "w", encoding="utf-8") as file:
      file.write(_CASE)
    self.goldens = os.path.join(self.folder, "goldens")
    os.mkdir(self.goldens)

  def _record(self, target):
    return subprocess.run(
      [sys.executable, "-m", "parity", "record", target, "--quiet"]
      + ["--out", os.path.join(self.goldens, "golden")]
      + ["--steps", "random_inference"],
      cwd=_ROOT,
      stdin=subprocess.DEVNULL,
      capture_output=True,
      preexec_fn=_limit,
      check=False,
    )

  def test_no_room_is_told_in_a_sentence_and_nothing_is_left(self):
    done = self._record(self.file)
    said = done.stderr.decode()
    self.assertEqual(done.returncode, 3, said)
    self.assertIn("cannot be written", said)
    self.assertNotIn("Traceback", said)
    self.assertEmpty(os.listdir(self.goldens))

  def test_what_has_room_is_recorded(self):
    done = self._record(f"{self.file}:SMALL")
    self.assertEqual(done.returncode, 0, done.stderr.decode())
    bundle.read_golden(os.path.join(self.goldens, "golden"))


if __name__ == "__main__":
  absltest.main()
