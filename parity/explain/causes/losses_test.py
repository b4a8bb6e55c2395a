"""Tests of parity.explain.causes.losses."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import blame
from parity.explain.causes import losses
from testing import fake_traces


def _loss(*, reduce="Mean", divided=None, penalised=False, shape=(4, 5)):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(*shape))
  w = made.variable("net/w", fake_traces.values(shape[-1]))
  squares = made.op("Square", made.op("Mul", x, w), named="loss/squares")
  loss = made.op(reduce, squares, made.constant([0, 1]), named="loss/total")
  if divided is not None:
    loss = made.op("RealDiv", loss, made.constant(divided))
  if penalised:
    loss = made.op("AddV2", loss, made.op("L2Loss", w, named="loss/decay"))
  return made.build(**{"loss:": loss})


def _explain(left, right):
  places = blame.first_places(left, right, ["loss:"])
  return losses.explain(places[0]) if places else None


class LossesTest(absltest.TestCase):
  def test_a_sum_for_a_mean_is_a_factor(self):
    finding = _explain(_loss(), _loss(reduce="Sum"))
    self.assertEqual(finding.cause, "loss_scale")
    self.assertIn("20 (20, the number of elements of x)", finding.message)
    self.assertIn("both scale the same tensor", finding.message)

  def test_a_division_on_one_side_is_a_factor(self):
    summed, divided = _loss(reduce="Sum"), _loss(reduce="Sum", divided=4.0)
    finding = _explain(divided, summed)
    self.assertEqual(finding.cause, "loss_scale")
    self.assertIn("4 (4, the batch size)", finding.message)
    self.assertIn("tf1 scales it by RealDiv", finding.message)
    self.assertIn("divides by 4, the port does not", finding.message)
    finding = _explain(summed, divided)
    self.assertIn("0.25 (1 / 4, the batch size)", finding.message)
    self.assertIn("divides by 4, tf1 does not", finding.message)

  def test_the_same_division_on_both_sides_is_silent(self):
    divided = _loss(reduce="Sum", divided=4.0)
    self.assertIsNone(_explain(divided, divided))

  def test_another_reduction_is_no_factor(self):
    self.assertIsNone(_explain(_loss(), _loss(reduce="Max")))

  def test_a_mean_by_hand_is_silent(self):
    self.assertIsNone(_explain(_loss(), _loss(reduce="Sum", divided=20.0)))

  def test_a_penalty_on_one_side_is_regularisation(self):
    finding = _explain(_loss(penalised=True), _loss())
    self.assertEqual(finding.cause, "regularization")
    self.assertEqual(finding.where.variable, "net/w")
    self.assertEqual(finding.where.tf1.op, "loss/decay")

  def test_a_penalty_on_both_is_silent(self):
    self.assertIsNone(_explain(_loss(penalised=True), _loss(penalised=True)))

  def test_what_is_no_scalar_is_no_loss(self):
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(4, 5))
    left = made.build(**{"loss:": made.op("Relu", x)})
    made = fake_traces.TraceMaker()
    x = made.input("x", fake_traces.values(4, 5))
    right = made.build(**{"loss:": made.op("Tanh", x)})
    self.assertIsNone(_explain(left, right))


if __name__ == "__main__":
  absltest.main()
