"""Tests of parity.explain.frontier."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import frontier
from parity.explain import partners as partners_lib
from testing import fake_traces


def _network(*, activation="Relu", scale=None, head="Tanh"):
  """Dense -> activation -> (scaled) -> dense -> head."""
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(5, 6))
  w = made.variable("w", fake_traces.values(6, 4, seed=2))
  v = made.variable("v", fake_traces.values(4, 3, seed=3))
  net = made.op(activation, made.op("MatMul", x, w), named="net/act")
  if scale is not None:
    net = made.op("Mul", net, made.constant(scale), named="net/scaled")
  net = made.op("MatMul", net, v, named="net/second")
  return made.build(y=made.op(head, net, named="net/head"))


def _divergences(left, right):
  partners = partners_lib.pair(left, right)
  return frontier.find_divergences(left, right, partners, "y")


class FrontierTest(absltest.TestCase):
  def test_the_first_op_that_differs_is_found_on_both_sides(self):
    left, right = _network(), _network(activation="Tanh")
    (found,) = _divergences(left, right)
    self.assertEqual(left.ops[found.tf1].name, "net/act")
    self.assertEqual(right.ops[found.tf2].name, "net/act")
    self.assertEqual(found.output, "y")

  def test_what_lies_behind_is_no_divergence_of_its_own(self):
    left = _network()
    right = _network(activation="Tanh", head="Relu")
    self.assertLen(_divergences(left, right), 1)

  def test_the_operands_that_both_use_are_told(self):
    left, right = _network(), _network(activation="Tanh")
    (found,) = _divergences(left, right)
    ours, theirs = left.ops[found.tf1], right.ops[found.tf2]
    self.assertIn((ours.inputs[0], theirs.inputs[0]), found.shared)

  def test_an_op_more_is_where_its_side_begins_to_part(self):
    left, right = _network(), _network(scale=0.5)
    partners = partners_lib.pair(left, right)
    region = frontier.find_region(right, "tf2", [right.outputs["y"]], partners)
    names = [right.ops[number].name for number in region.frontier]
    self.assertEqual(names, ["net/scaled"])

  def test_another_decomposition_that_agrees_again_is_not_met(self):
    left, right = _network(head="Relu"), _network(scale=1.0, head="Tanh")
    (found,) = _divergences(left, right)
    self.assertEqual(right.ops[found.tf2].name, "net/head")

  def test_equal_sides_have_an_empty_region(self):
    left, right = _network(), _network()
    partners = partners_lib.pair(left, right)
    region = frontier.find_region(left, "tf1", [left.outputs["y"]], partners)
    self.assertEqual(region.ops, ())
    self.assertEqual(region.boundary, {left.outputs["y"]})

  def test_what_could_not_be_seen_is_walked_through(self):
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(5, 6))
    hidden = made.op("Inside", x, gives=None)
    left = made.build(y=made.op("Out", hidden, gives=fake_traces.values(5)))
    right = _network()
    partners = partners_lib.pair(left, right)
    region = frontier.find_region(left, "tf1", [left.outputs["y"]], partners)
    self.assertLen(region.ops, 2)
    self.assertIn(x, region.boundary)


class SamePlaceTest(absltest.TestCase):
  def test_a_divergence_at_the_same_op_is_explained(self):
    left, right = _network(), _network(activation="Tanh")
    (found,) = _divergences(left, right)
    self.assertTrue(frontier.is_explained(found, [found], left, right))

  def test_one_elsewhere_is_not(self):
    left, right = _network(), _network(activation="Tanh")
    (found,) = _divergences(left, right)
    other = frontier.Divergence(len(left.ops) - 1, len(right.ops) - 1, (), "y")
    self.assertFalse(frontier.is_explained(other, [found], left, right))


if __name__ == "__main__":
  absltest.main()
