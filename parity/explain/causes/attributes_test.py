"""Tests of parity.explain.causes.attributes."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import blame
from parity.explain.causes import attributes
from testing import fake_traces


def _trace(op_type="LeakyRelu", **settings):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 5))
  operands = (x, x) if op_type == "Norm" else (x,)
  if op_type == "Norm":
    operands = (x, made.variable("v", fake_traces.values(4, 5, seed=3)))
  return made.build(y=made.op(op_type, *operands, named="net/op", **settings))


def _padded(before, padding):
  made = fake_traces.TraceMaker()
  net = made.input("x", fake_traces.values(4, 5))
  if before:
    net = made.op(before, net, gives=fake_traces.values(6, 7, seed=5))
  kernel = made.variable("v", fake_traces.values(4, 5, seed=3))
  result = made.op(
    "Conv2D",
    net,
    kernel,
    named="net/op",
    padding=padding,
    gives=fake_traces.values(2, 3, seed=8 if before else 9),
  )
  return made.build(y=result)


def _explain(left, right):
  (place, *_) = blame.first_places(left, right, ["y"])
  return attributes.explain(place)


class AttributesTest(absltest.TestCase):
  def test_an_attribute_that_differs_is_named_with_both_values(self):
    finding = _explain(_trace(alpha=0.2), _trace(alpha=0.3))
    self.assertEqual(finding.cause, "op_attribute")
    self.assertIn("alpha is 0.2 on tf1, 0.3 in the port", finding.message)
    self.assertEndsWith(finding.hint, "what tf1 has: alpha=0.2.")
    self.assertEqual(finding.where.tf2.op, "net/op")
    self.assertEqual(finding.where.tf1.source, "model.py:1")

  def test_where_tf1_pads_by_hand_the_hint_says_so(self):
    for op_type, said in (("Pad", True), ("Tanh", False)):
      finding = _explain(_padded(op_type, "VALID"), _padded(None, "SAME"))
      self.assertEqual("Pad by hand as tf1 does" in finding.hint, said)
      self.assertIn("padding='VALID'", finding.hint)

  def test_the_flag_that_chooses_the_branch_is_a_cause_of_its_own(self):
    finding = _explain(
      _trace("Norm", is_training=True), _trace("Norm", is_training=False)
    )
    self.assertEqual(finding.cause, "training_flag")

  def test_other_ops_with_other_attributes_are_not_the_same_op(self):
    self.assertIsNone(_explain(_trace(alpha=0.3), _trace("Tanh")))

  def test_an_attribute_that_follows_from_others_says_nothing(self):
    left, right = _trace(alpha=0.2), _trace(alpha=0.2)
    ours = left.ops[0]
    self.assertEmpty(attributes.differing(ours, right.ops[0]))
    for name in ("T", "seed", "out_type"):
      self.assertTrue(attributes.is_following(name))
    self.assertFalse(attributes.is_following("alpha"))


if __name__ == "__main__":
  absltest.main()
