"""Tests of parity.audit.auditor on real ports, in a worker."""

from __future__ import annotations

import os
import textwrap

from absl.testing import absltest
import numpy as np

from parity import errors
from parity.audit import auditor
from parity.records import tolerance as tolerance_lib

# Ops are run again by name, which TensorFlow 1.15 cannot do.
CELLS_SINCE = "tf2.8"

_CASE = """
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 3)).astype(np.float32)}


def tf2():
  import tensorflow as tf

  class Port(tf.Module):
    def __init__(self):
      self.kernel = tf.Variable(np.arange(9.0).reshape(3, 3) / 9, name="kernel",
                                dtype=tf.float32)
      self.bias = tf.Variable(tf.zeros(3), name="bias")

    def __call__(self, inputs, training=False):
      net = tf.nn.bias_add(tf.matmul(inputs["x"], self.kernel), self.bias)
      return {"y": tf.nn.relu(net)}

  return Port()


CASE = parity.Case(
  inputs=inputs, tf1=lambda inputs, training: inputs, tf2=tf2,
  steps=["random_inference"])
"""


class AuditTest(absltest.TestCase):
  def _write(self, text):
    folder = self.create_tempdir().full_path
    path = os.path.join(folder, "port_parity.py")
    with open(path, "w", encoding="utf-8") as file:
      file.write(textwrap.dedent(text))
    return path

  def test_bias_of_zeros_is_missed_and_all_else_noticed(self):
    found = auditor.audit(self._write(_CASE))
    self.assertEqual(found.checks, ("random_inference",))
    by_kind = {outcome.kind: outcome for outcome in found.outcomes}
    self.assertEqual(
      {kind: outcome.is_noticed for kind, outcome in by_kind.items()},
      {
        "transposed_kernel": True,
        "dropped_bias": False,
        "other_activation": True,
      },
    )
    self.assertIn("bias is 0", by_kind["dropped_bias"].advice)
    self.assertEndsWith(by_kind["other_activation"].source, "port_parity.py:21")
    self.assertIsNone(by_kind["other_activation"].advice)

  def test_budget_keeps_a_sample_of_the_kinds(self):
    found = auditor.audit(self._write(_CASE), budget=2)
    self.assertLen(found.outcomes, 2)
    self.assertEqual(found.possible, 3)

  def test_a_case_without_a_port_is_an_error(self):
    text = "import parity\nCASE = parity.Case(inputs={}, tf1=lambda i, t: i)\n"
    with self.assertRaisesRegex(errors.CaseError, "no port to mutate"):
      auditor.audit(self._write(text))


class TimesTest(absltest.TestCase):
  def test_difference_is_told_in_units_of_what_is_allowed(self):
    limit = tolerance_lib.Tolerance(rtol=0.0, atol=0.5)
    before, after = np.array([1.0, 2.0]), np.array([1.0, 3.0])
    self.assertEqual(auditor._times(before, after, limit), 2.0)
    self.assertEqual(auditor._times(before, before, limit), 0.0)

  def test_nan_that_appears_is_noticed_and_one_that_stays_is_not(self):
    limit = tolerance_lib.Tolerance()
    nan = np.array([np.nan, 1.0])
    self.assertEqual(
      auditor._times(np.array([0.0, 1.0]), nan, limit), float("inf")
    )
    self.assertEqual(auditor._times(nan, nan, limit), 0.0)


if __name__ == "__main__":
  absltest.main()
