"""Tests of parity.explain.causes.layouts."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from testing import small_traces

_SCORES = np.array([[1.0, 2.0], [4.0, 9.0]])


def _softmax(scores):
  weights = np.exp(scores)
  return weights / weights.sum(axis=-1, keepdims=True)


def _attention(scores, *, make="Einsum", attributes=None):
  small = small_traces.SmallTrace()
  x = small.root("input:x", np.array([3.0, 1.0]))
  made = small.op(make, [x], scores, attributes=attributes)
  scaled = small.op("Neg", [made], -scores)
  weights = small.op("Softmax", [scaled], _softmax(-scores))
  return small.trace({"y": weights})


class LayoutsTest(absltest.TestCase):
  def test_the_setting_that_turns_an_operand_is_named(self) -> None:
    tf1 = _attention(_SCORES, attributes={"equation": "qd,kd->qk"})
    tf2 = _attention(_SCORES.T, attributes={"equation": "qd,kd->kq"})
    [finding] = blame.explain_traces(tf1, tf2, ["y"])
    self.assertEqual(finding.cause, "op_attribute")
    self.assertIn("equation", finding.message)
    self.assertEqual(
      finding.details, ("equation: tf1 'qd,kd->qk', tf2 'qd,kd->kq'",)
    )

  def test_the_ops_that_give_another_layout_are_named(self) -> None:
    tf1 = _attention(_SCORES)
    tf2 = _attention(_SCORES.T, make="Transpose")
    [finding] = blame.explain_traces(tf1, tf2, ["y"])
    self.assertEqual(finding.cause, "op_structure")
    self.assertIn("another layout", finding.message)

  def test_equal_layouts_are_no_finding(self) -> None:
    tf1, tf2 = _attention(_SCORES), _attention(_SCORES)
    self.assertEmpty(blame.explain_traces(tf1, tf2, ["y"]))


if __name__ == "__main__":
  absltest.main()
