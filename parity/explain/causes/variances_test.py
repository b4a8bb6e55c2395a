"""Tests of parity.explain.causes.variances."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import blame
from parity.explain.causes import variances
from testing import fake_traces


def _average(*, factor=None, rate=0.1, name="Mean", axes=(0,)):
  """A moving average of a variance by n, or times a factor."""
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(6, 3))
  average = made.variable("bn/moving_variance", [1.0, 2.0, 0.5])
  mean = made.op("Mean", x, made.constant([0]))
  squares = made.op("Square", made.op("Sub", x, mean))
  variance = made.op(name, squares, made.constant(list(axes)), named="moments")
  if factor is not None:
    variance = made.op("Mul", variance, made.constant(factor), named="unbias")
  step = made.op("Mul", variance, made.constant(rate))
  kept = made.op("Mul", average, made.constant(1.0 - rate))
  moved = made.op("AddV2", kept, step)
  return made.build(**{"final:bn/moving_variance": moved})


def _explain(left, right):
  places = blame.first_places(left, right, ["final:bn/moving_variance"])
  return variances.explain(places[0]) if places else None


class VariancesTest(absltest.TestCase):
  def test_an_unbiased_variance_on_tf1_is_told_as_one(self):
    finding = _explain(_average(factor=1.2), _average())
    self.assertEqual(finding.cause, "op_structure")
    self.assertIn("unbiased variance on tf1", finding.message)
    self.assertIn("6 / 5", finding.message)
    self.assertEqual(finding.where.variable, "bn/moving_variance")
    self.assertEqual(finding.where.tf2.op, "moments")

  def test_an_unbiased_variance_in_the_port_is_told_as_one(self):
    finding = _explain(_average(), _average(factor=1.2))
    self.assertIn("gets the biased variance on tf1", finding.message)

  def test_another_factor_is_silent(self):
    self.assertIsNone(_explain(_average(factor=1.25), _average()))

  def test_another_rate_is_silent(self):
    self.assertIsNone(_explain(_average(), _average(rate=0.01)))

  def test_another_rate_of_two_unbiased_variances_is_silent(self):
    left, right = _average(factor=1.2), _average(factor=1.2, rate=0.01)
    self.assertIsNone(_explain(left, right))

  def test_the_same_variance_is_silent(self):
    self.assertIsNone(_explain(_average(factor=1.2), _average(factor=1.2)))


if __name__ == "__main__":
  absltest.main()
