"""Tests of parity.explain.causes.layouts."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from testing import small_traces

_SCORES = np.array([[1.0, 2.0], [4.0, 9.0]])
_KERNEL = np.random.RandomState(0).normal(size=(12, 5))


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


def _flattened(permutation):
  small = small_traces.SmallTrace()
  x = small.root("input:x", np.array([3.0, 1.0]))
  kernel = small.root("variable:w", _KERNEL)
  value = np.tanh(np.arange(12.0).reshape(3, 4))
  made = small.op("Tanh", [x], value)
  if permutation:
    value = value.transpose(permutation)
    made = small.op("Transpose", [made], value)
  flat = small.op("Reshape", [made], value.reshape(1, -1))
  return small.trace(
    {"y": small.op("MatMul", [flat, kernel], value.reshape(1, -1) @ _KERNEL)}
  )


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

  def test_axes_that_one_side_turns_before_it_flattens_are_named(self) -> None:
    straight, turned = _flattened(()), _flattened((1, 0))
    [finding] = blame.explain_traces(straight, turned, ["y"])
    self.assertEqual(finding.cause, "op_structure")
    self.assertIn("the port runs Transpose", finding.message)
    self.assertEqual(finding.where.tf2.op_type, "Transpose")
    self.assertEqual(finding.where.tf1.op_type, "Reshape")
    [finding] = blame.explain_traces(turned, straight, ["y"])
    self.assertIn("made by Transpose (Transpose_1) on tf1", finding.message)

  def test_what_both_sides_turn_before_they_flatten_is_no_finding(self) -> None:
    tf1, tf2 = _flattened((1, 0)), _flattened((1, 0))
    self.assertEmpty(blame.explain_traces(tf1, tf2, ["y"]))

  def test_equal_layouts_are_no_finding(self) -> None:
    tf1, tf2 = _attention(_SCORES), _attention(_SCORES)
    self.assertEmpty(blame.explain_traces(tf1, tf2, ["y"]))


if __name__ == "__main__":
  absltest.main()
