"""Tests of parity.explain.repairs."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain import repairs
from testing import fake_traces


def _network(*, alpha=0.2, epsilon=1e-3, order="xy", form="Relu", tail=1.0):
  """Small on purpose: one op for each kind of edit."""
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(5, 4))
  y = made.input("y", fake_traces.values(5, 4, seed=2))
  pair = (x, y) if order == "xy" else (y, x)
  net = made.op("LeakyRelu", made.op("Sub", *pair), alpha=alpha)
  net = made.op("AddV2", made.op("Square", net), made.constant(epsilon))
  net = made.op("AddV2", made.op("Sqrt", net), made.constant(-0.8))
  net = made.op(form, net)
  net = made.op("Mul", net, made.constant(tail), named="net/tail")
  return made.build(y=net)


def _place(left, right):
  (place, *_) = blame.first_places(left, right, ["y"])
  return place


def _found(**changes):
  place = _place(_network(), _network(**changes))
  return repairs.find(place, fake_traces.replay)


class RepairsTest(absltest.TestCase):
  def test_another_attribute_is_put_right(self):
    repair = _found(alpha=0.3)
    self.assertTrue(repair.is_whole)
    self.assertEqual(
      (repair.edit.kind, repair.edit.what), ("attribute", "alpha")
    )
    self.assertLess(repair.after, repair.before / 100)

  def test_another_constant_is_put_right(self):
    repair = _found(epsilon=0.5)
    self.assertTrue(repair.is_whole)
    self.assertEqual(repair.edit.kind, "constant")
    self.assertAlmostEqual(float(repair.edit.ours), 1e-3)
    self.assertAlmostEqual(float(repair.edit.theirs), 0.5)

  def _scaled_by(self, form, scale):
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(5, 4))
    scale = made.op(form, made.constant(scale))
    return made.build(y=made.op("Exp", made.op("RealDiv", x, scale)))

  def test_of_two_constants_that_mend_it_that_of_the_same_op_is_told(self):
    place = _place(self._scaled_by("Abs", 7.0), self._scaled_by("Relu", 8.0))
    repair = repairs.find(place, fake_traces.replay)
    self.assertTrue(repair.is_whole)
    self.assertEqual(repair.edit.op.op_type, "RealDiv")

  def test_of_two_that_are_of_the_same_op_the_earlier_is_told(self):
    place = _place(self._scaled_by("Abs", 7.0), self._scaled_by("Abs", 8.0))
    repair = repairs.find(place, fake_traces.replay)
    self.assertTrue(repair.is_whole)
    self.assertEqual(repair.edit.op.op_type, "Abs")

  def test_operands_are_put_in_order(self):
    repair = _found(order="yx")
    self.assertTrue(repair.is_whole)
    self.assertEqual(repair.edit.kind, "order")

  def test_another_type_of_the_same_form_is_put_in(self):
    repair = _found(form="Tanh")
    self.assertTrue(repair.is_whole)
    self.assertEqual((repair.edit.kind, repair.edit.ours), ("type", "Relu"))

  def test_a_trial_that_keeps_few_values_keeps_those_that_decide(self):
    place = _place(_network(), _network(epsilon=0.5))
    repair = repairs.find(
      place, lambda trace: fake_traces.replay(trace, budget=0)
    )
    self.assertTrue(repair.is_whole)
    self.assertEqual(repair.edit.kind, "constant")

  def test_what_a_trial_computes_is_of_the_dtype_that_it_was(self):
    trials = []

    def replay(trace):
      trials.append(trace)
      return fake_traces.replay(trace)

    place = _place(_network(), _network(epsilon=0.5))
    repairs.find(place, replay)
    made = [
      trace.tensors[result]
      for trace in trials
      for op in trace.ops
      for result in op.outputs
    ]
    self.assertNotEmpty(made)
    self.assertEqual({record.dtype for record in made}, {"float32"})

  def test_of_two_bugs_the_first_is_mended_in_part(self):
    repair = _found(alpha=0.3, tail=2.0)
    self.assertFalse(repair.is_whole)
    self.assertEqual(repair.edit.kind, "attribute")

  def test_what_no_single_change_mends_is_left_alone(self):
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(5, 4))
    y = made.input("y", fake_traces.values(5, 4, seed=2))
    net = made.op("Exp", made.op("Abs", made.op("Sub", x, y)))
    self.assertIsNone(
      repairs.find(_place(_network(), made.build(y=net)), fake_traces.replay)
    )

  def test_equal_sides_have_nothing_to_mend(self):
    self.assertEmpty(blame.first_places(_network(), _network(), ["y"]))


class AppliedTest(absltest.TestCase):
  def test_the_trace_with_the_edit_gives_what_tf1_gives(self):
    left, right = _network(), _network(epsilon=0.5)
    repair = repairs.find(_place(left, right), fake_traces.replay)
    mended = fake_traces.replay(repairs.applied(right, repair.edit))
    np.testing.assert_allclose(
      mended.tensors[mended.outputs["y"]].value,
      left.tensors[left.outputs["y"]].value,
      rtol=1e-5,
    )

  def test_the_other_trace_is_as_it_was(self):
    left, right = _network(), _network(alpha=0.3)
    repair = repairs.find(_place(left, right), fake_traces.replay)
    repairs.applied(right, repair.edit)
    (op,) = [op for op in right.ops if op.op_type == "LeakyRelu"]
    self.assertEqual(op.attributes["alpha"], 0.3)


if __name__ == "__main__":
  absltest.main()
