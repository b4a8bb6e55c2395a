"""Tests of parity.explain.causes.structure."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain.causes import structure
from testing import fake_traces


def _trace(act="Relu", *, order="xy"):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 5))
  y = made.input("y", fake_traces.values(4, 5, seed=2))
  pair = (x, y) if order == "xy" else (y, x)
  return made.build(y=made.op(act, made.op("Sub", *pair), named="net/act"))


def _looped():
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 5))
  inside = made.op("Exit", x, gives=None, named="net/while/Exit")
  return made.build(
    y=made.op("Out", inside, gives=np.ones(4, np.float32), named="net/out")
  )


def _explain(left, right):
  return structure.explain(blame.first_places(left, right, ["y"])[0])


class StructureTest(absltest.TestCase):
  def test_another_op_is_named_on_both_sides(self):
    finding = _explain(_trace(), _trace("Tanh"))
    self.assertEqual(finding.cause, "op_structure")
    self.assertIn("Relu (net/act), the port Tanh", finding.message)
    self.assertEqual(finding.where.tf1.op_type, "Relu")

  def test_other_operands_of_the_same_op_are_said(self):
    finding = _explain(_trace(), _trace(order="yx"))
    self.assertIn("in another order", finding.message)

  def test_an_op_in_a_loop_is_named_with_its_loop(self):
    finding = _explain(_looped(), _trace())
    self.assertIn("in the loop net/while", finding.message)

  def test_equal_sides_have_no_place_to_ask_about(self):
    self.assertEmpty(blame.first_places(_trace(), _trace(), ["y"]))


if __name__ == "__main__":
  absltest.main()
