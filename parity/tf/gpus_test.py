"""Tests of parity.tf.gpus."""

from __future__ import annotations

import contextlib
import io
import json
from unittest import mock

from absl.testing import absltest
import tensorflow as tf

from parity.tf import gpus


class GpusTest(absltest.TestCase):
  def test_every_machine_has_a_processor(self):
    self.assertIn("CPU", [device.device_type for device in gpus.seen()])
    kinds = {device.device_type for device in gpus.seen("CPU")}
    self.assertEqual(kinds, {"CPU"})

  def test_the_program_tells_one_line(self):
    for devices in ([], ["one", "two"]):
      said = io.StringIO()
      with contextlib.redirect_stdout(said):
        with mock.patch.object(gpus, "seen", return_value=devices):
          gpus.main()
      version, is_built, count = json.loads(said.getvalue())
      self.assertEqual((version, count), (tf.__version__, len(devices)))
      self.assertIsInstance(is_built, bool)


if __name__ == "__main__":
  absltest.main()
