"""Tests of parity.audit.advice."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.audit import advice
from parity.audit import mutations
from parity.records import audit as audit_lib
from parity.records import trace as trace_lib


def _said(kind, op_type, operand, *, times=0.0):
  value = np.asarray(operand, np.float32)
  trace = trace_lib.Trace(
    (trace_lib.OpRecord(op_type, op_type, "", {}, (0,), (1,)),),
    (
      trace_lib.TensorRecord(value.shape, "float32", "d", value=value),
      trace_lib.TensorRecord(value.shape, "float32", "e", value=value),
    ),
    {"y": 1},
  )
  effect = audit_lib.Effect("random_inference", times, "y" if times else None)
  return advice.for_missed(mutations.Mutation(0, kind, ""), [effect], trace)


class ForMissedTest(absltest.TestCase):
  def test_an_effect_below_the_tolerance_says_how_far(self):
    self.assertIn("0.8 times", _said("dropped_bias", "BiasAdd", [1], times=0.8))

  def test_zero_bias_asks_for_trained_weights(self):
    self.assertIn("bias is 0", _said("dropped_bias", "BiasAdd", [1, 2]))

  def test_activation_is_told_what_its_input_lacks(self):
    self.assertIn("above 6", _said("other_activation", "Relu6", [-1, 2]))
    self.assertIn("negative", _said("other_activation", "Relu", [1, 2]))

  def test_activation_whose_input_lacks_nothing_is_told_nothing_wrong(self):
    said = _said("other_activation", "Relu6", [-1, 7])
    self.assertNotIn("above 6", said)
    self.assertNotIn("negative", said)

  def test_equal_elements_are_named(self):
    said = _said("swapped_operands", "Sub", [0.5, 0.5])
    self.assertIn("Every element there is 0.5", said)
    self.assertNotIn(
      "Every element", _said("swapped_operands", "Sub", [0.5, 0.25])
    )


if __name__ == "__main__":
  absltest.main()
