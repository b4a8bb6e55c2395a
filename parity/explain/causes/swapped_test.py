"""Tests of parity.explain.causes.swapped."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import partners as partners_lib
from parity.explain.causes import swapped
from testing import fake_traces


def _trace(*, first="Relu", second="Tanh"):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 5))
  a = made.op("Relu", x, named="net/relu")
  b = made.op("Tanh", x, named="net/tanh")
  made_of = {"Relu": a, "Tanh": b}
  return made.build(a=made_of[first], b=made_of[second])


def _gradients(*, is_swapped):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 5))
  both = [made.op(each, x, named=f"net/{each}") for each in ("Relu", "Tanh")]
  first, second = both[::-1] if is_swapped else both
  return made.build(**{"gradient:w:0": first, "b": second})


def _explain(left, right, name="a"):
  return swapped.explain(left, right, partners_lib.pair(left, right), name)


class SwappedTest(absltest.TestCase):
  def test_outputs_under_each_others_names_are_told(self):
    finding = _explain(_trace(), _trace(first="Tanh", second="Relu"))
    self.assertEqual(finding.cause, "op_structure")
    self.assertIn("returns as a what tf1 returns as b", finding.message)
    self.assertIn("tf1's a as b", finding.message)

  def test_a_tensor_that_tf1_does_not_return_is_told(self):
    finding = _explain(_trace(second="Relu"), _trace(first="Tanh"))
    self.assertIn("another tensor", finding.message)

  def test_an_output_and_a_gradient_are_named_as_such(self):
    finding = _explain(_trace(), _trace(first="Tanh", second="Relu"))
    self.assertEqual(
      (finding.where.output, finding.where.variable), ("a", None)
    )
    finding = _explain(
      _gradients(is_swapped=False), _gradients(is_swapped=True), "gradient:w:0"
    )
    self.assertEqual(
      (finding.where.output, finding.where.variable), (None, "w:0")
    )

  def test_outputs_under_their_own_names_are_silent(self):
    self.assertIsNone(_explain(_trace(), _trace()))

  def test_an_output_that_nobody_else_has_is_silent(self):
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(4, 5))
    other = made.build(a=made.op("Exp", x), b=made.op("Tanh", x))
    self.assertIsNone(_explain(_trace(), other))


if __name__ == "__main__":
  absltest.main()
