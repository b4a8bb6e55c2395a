"""Tests of parity.explain.causes.structure."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from testing import small_traces

_X = np.array([1.0, 5.0, 9.0])


def _sum(op_type, gate):
  """An input, a gate of it, and their sum."""
  small = small_traces.SmallTrace()
  x = small.root("input:x", _X)
  gated = small.op(op_type, [x], gate)
  return small.trace({"y": small.op("AddV2", [x, gated], _X + gate)})


class StructureTest(absltest.TestCase):
  def test_other_ops_from_the_same_operands_are_named(self) -> None:
    tf1, tf2 = _sum("Tanh", np.tanh(_X)), _sum("Neg", -_X)
    [finding] = blame.explain_traces(tf1, tf2, ["y"])
    self.assertEqual(finding.cause, "op_structure")
    self.assertIn("tf1 side computes Tanh", finding.message)
    self.assertIn("the port Neg", finding.message)

  def test_an_op_on_another_variable_names_both(self) -> None:
    def product(name, *, more):
      small = small_traces.SmallTrace()
      for number in range(more):
        small.root(f"input:unused{number}", _X + 7 + number)
      x = small.root("input:x", _X)
      value = np.array([2.0, 3.0, 4.0]) if name == "w" else -_X - 1
      w = small.root(f"variable:{name}", value)
      return small.trace({"y": small.op("Mul", [x, w], _X * value)})

    [finding] = blame.explain_traces(
      product("w", more=0), product("v", more=2), ["y"]
    )
    self.assertIn(
      "other operands in the port: variable:w on tf1, variable:v there",
      finding.message,
    )

  def test_the_same_ops_are_no_finding(self) -> None:
    tf1, tf2 = _sum("Tanh", np.tanh(_X)), _sum("Tanh", np.tanh(_X))
    self.assertEmpty(blame.explain_traces(tf1, tf2, ["y"]))


if __name__ == "__main__":
  absltest.main()
