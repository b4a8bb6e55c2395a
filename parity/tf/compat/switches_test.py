"""Tests of parity.tf.compat.switches: what is in force, not what is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from absl.testing import absltest

from parity.tf.compat import switches

_ROOT = os.path.dirname(
  os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
)
_PROGRAM = (
  "import json; from parity.tf.compat import switches;"
  " print(json.dumps(switches.effective_switches()))"
)


def _asked(**variables):
  """What another process says with these variables."""
  answer = subprocess.run(
    [sys.executable, "-c", _PROGRAM],
    cwd=_ROOT,
    env={**os.environ, **variables},
    stdin=subprocess.DEVNULL,
    stdout=subprocess.PIPE,
    stderr=subprocess.DEVNULL,
    check=True,
  )
  return json.loads(answer.stdout.decode().splitlines()[-1])


class SwitchesTest(absltest.TestCase):
  def test_each_is_told_in_a_word(self):
    found = switches.effective_switches()
    self.assertIn(found["oneDNN"], ("on", "off"))
    self.assertEqual(found["XLA jit"], "off")
    self.assertRegex(found["intra-op threads"], r"^\d+")

  def test_one_that_is_turned_off_is_told_as_off(self):
    found = _asked(TF_ENABLE_ONEDNN_OPTS="0", TF_NUM_INTRAOP_THREADS="1")
    self.assertEqual(found["oneDNN"], "off")
    self.assertEqual(found["intra-op threads"], "1")


if __name__ == "__main__":
  absltest.main()
