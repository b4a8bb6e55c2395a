"""Tests of parity.explain.causes.repaired."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain import repairs
from parity.explain.causes import repaired
from testing import fake_traces


def _trace(*, alpha=0.2, epsilon=0.5, order="xy", tail=1.0):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(5, 4))
  y = made.input("y", fake_traces.values(5, 4, seed=2))
  pair = (x, y) if order == "xy" else (y, x)
  net = made.op("LeakyRelu", made.op("Sub", *pair), alpha=alpha)
  net = made.op("AddV2", net, made.constant(epsilon))
  return made.build(y=made.op("Mul", made.op("Tanh", net), made.constant(tail)))


def _explain(**changes):
  (place, *_) = blame.first_places(_trace(), _trace(**changes), ["y"])
  repair = repairs.find(place, fake_traces.replay)
  return None if repair is None else repaired.explain(place, repair)


class RepairedTest(absltest.TestCase):
  def test_an_attribute_that_mends_is_one(self):
    finding = _explain(alpha=0.3)
    self.assertEqual(finding.cause, "op_attribute")
    self.assertIn("With this one change the port agrees", finding.message)

  def test_a_constant_that_mends_is_one(self):
    finding = _explain(epsilon=0.25)
    self.assertEqual(finding.cause, "constant")
    self.assertIn("0.5 on the tf1 side", finding.message)
    self.assertIn("0.25 in the port", finding.message)

  def test_a_constant_of_several_numbers_is_told_with_all(self):
    one, other = np.float32([0.5, 1, 2, 4]), np.float32([0.25, 1, 2, 4])
    (place, *_) = blame.first_places(
      _trace(epsilon=one), _trace(epsilon=other), ["y"]
    )
    finding = repaired.explain(place, repairs.find(place, fake_traces.replay))
    self.assertEqual(finding.cause, "constant")
    self.assertIn("[0.5, 1.0, 2.0, 4.0] on the tf1 side", finding.message)
    self.assertIn("[0.25, 1.0, 2.0, 4.0] in the port", finding.message)

  def test_an_attribute_without_an_op_of_tf1_is_not_told(self):
    (place, *_) = blame.first_places(_trace(), _trace(alpha=0.3), ["y"])
    repair = repairs.find(place, fake_traces.replay)
    alone = dataclasses.replace(
      place, divergence=dataclasses.replace(place.divergence, tf1=None)
    )
    strange = dataclasses.replace(
      repair, edit=dataclasses.replace(repair.edit, donor=None)
    )
    self.assertIsNotNone(repaired.explain(place, strange))
    self.assertIsNone(repaired.explain(alone, strange))

  def test_an_order_that_mends_is_structure(self):
    finding = _explain(order="yx")
    self.assertEqual(finding.cause, "op_structure")
    self.assertIn("in another order", finding.message)

  def test_where_another_bug_lies_behind_that_is_said(self):
    finding = _explain(alpha=0.3, tail=2.0)
    self.assertEqual(finding.cause, "op_attribute")
    self.assertIn("for another reason behind it", finding.message)

  def test_how_much_it_mends_is_told(self):
    finding = _explain(epsilon=0.25)
    self.assertGreater(finding.max_abs, 0.0)
    left = _trace()
    peak = left.tensors[left.outputs["y"]].peak
    self.assertAlmostEqual(finding.max_rel, finding.max_abs / peak)


if __name__ == "__main__":
  absltest.main()
