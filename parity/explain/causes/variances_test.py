"""Tests of parity.explain.causes.variances."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

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


def _fused(*, epsilon, reserves):
  """Fused batch norm: result, mean, variance by n - 1, and reserve outputs."""
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(6, 3))
  value = fake_traces.values(6, 3)
  mean, variance = np.mean(value, 0), np.var(value, 0)
  y = made.op(
    "FusedBatchNormV3",
    x,
    gives=(value - mean) / np.sqrt(variance + epsilon),
    epsilon=epsilon,
  )
  made.add_result(y, mean)
  made.add_result(y, 1.2 * variance)
  for reserve in reserves:
    made.add_result(y, {"mean": mean, "variance": variance}[reserve])
  return made.build(y=y)


def _both(*, shift=0.0, is_unbiased=True, name="Mean"):
  """Both variances, off by a relative shift, and their sum."""
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(6, 3))
  value = np.var(fake_traces.values(6, 3), 0) * (1.0 + shift)
  biased = made.op(name, x, gives=value, named="biased")
  factor = made.constant(1.2 if is_unbiased else 1.0)
  other = made.op("Mul", biased, factor, named="other")
  return made.build(y=made.op("AddV2", biased, other))


def _explain(left, right, name="final:bn/moving_variance"):
  places = blame.first_places(left, right, [name])
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

  def test_what_a_kernel_keeps_for_its_gradient_is_silent(self):
    # One version's kernel has it, the other's has not.
    left = _fused(epsilon=0.5, reserves=("mean", "variance"))
    right = _fused(epsilon=0.1, reserves=())
    self.assertLen(blame.first_places(left, right, ["y"]), 1)
    self.assertIsNone(_explain(left, right, "y"))
    self.assertIsNone(_explain(right, left, "y"))

  def test_two_sides_that_have_both_but_for_rounding_are_silent(self):
    left, right = _both(), _both(shift=1e-3, name="Sum")
    self.assertLen(blame.first_places(left, right, ["y"]), 1)
    self.assertIsNone(_explain(left, right, "y"))

  def test_a_side_that_has_only_one_of_them_is_told(self):
    left, right = _both(), _both(shift=1e-3, is_unbiased=False)
    finding = _explain(left, right, "y")
    self.assertIn("unbiased variance on tf1", finding.message)


if __name__ == "__main__":
  absltest.main()
