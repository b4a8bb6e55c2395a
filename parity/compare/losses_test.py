from __future__ import annotations

import doctest
import math

from absl.testing import absltest
import numpy as np

from parity.compare import losses
from parity.records import recording
from parity.records import tolerance as tolerance_lib

POLICY = tolerance_lib.TolerancePolicy()


def _losses(values, variables=None, prefix="loss"):
  names = variables or [None] * len(values)
  return [
    recording.LossRecord(f"{prefix}_{i}", np.float32(value), variable=variable)
    for i, (value, variable) in enumerate(zip(values, names))
  ]


def _compare(reference, other):
  return losses.compare_losses(reference, other, policy=POLICY)


def _names(records):
  return [record.name for record in records]


class CompareLossesTest(absltest.TestCase):
  def test_equal_losses_in_another_order(self):
    found = _compare(_losses([0.1, 0.2, 0.3]), _losses([0.3, 0.1, 0.2]))
    self.assertTrue(found.is_match)
    self.assertTrue(found.is_attributed)
    self.assertLen(found.matched, 3)
    self.assertEqual(_names(p.other for p in found.matched), [
      "loss_1", "loss_2", "loss_0",
    ])  # fmt: skip
    self.assertIsNone(found.common_factor)

  def test_total_is_the_float64_sum(self):
    found = _compare(_losses([0.1] * 3), _losses([0.1] * 3))
    self.assertEqual(found.reference_total, float(np.float32(0.1)) * 3)
    self.assertEqual((found.total.kind, found.total.status), ("loss", "equal"))

  def test_no_losses_on_either_side(self):
    found = _compare([], [])
    self.assertTrue(found.is_match)
    self.assertTrue(found.is_attributed)

  def test_a_missing_loss_is_named(self):
    found = _compare(_losses([0.1, 0.2, 0.3]), _losses([0.3, 0.1]))
    self.assertFalse(found.is_match)
    self.assertEqual(_names(found.unmatched_reference), ["loss_1"])
    self.assertEqual(found.unmatched_other, ())
    self.assertIsNone(found.common_factor)

  def test_all_losses_missing(self):
    found = _compare(_losses([0.1, 0.2]), [])
    self.assertFalse(found.is_match)
    self.assertLen(found.unmatched_reference, 2)

  def test_common_factor_by_variable(self):
    reference = _losses([0.1, 0.2, 0.7], ["a", "b", "c"])
    other = _losses([0.4, 0.2, 0.7], ["b", "a", "c"])
    found = _compare(reference, other)
    self.assertLen(found.differing, 2)
    self.assertLen(found.matched, 1)
    self.assertAlmostEqual(found.common_factor, 2.0, places=6)
    self.assertEqual(found.factor_name, "2")

  def test_common_factor_by_rank(self):
    found = _compare(_losses([0.1, 0.31, 0.7]), _losses([0.35, 0.05, 0.155]))
    self.assertEqual(found.factor_name, "1/2")
    self.assertLen(found.unmatched_reference, 3)

  def test_losses_that_are_all_zero_in_the_port_have_the_factor_zero(self):
    names = ["a", "b"]
    found = _compare(_losses([0.25, 0.5], names), _losses([0, 0], names))
    self.assertEqual(found.common_factor, 0.0)
    found = _compare(_losses([0.25, 0.5], names), _losses([0, 1], names))
    self.assertIsNone(found.common_factor)

  def test_unlike_factors_are_no_common_factor(self):
    found = _compare(_losses([0.1, 0.31]), _losses([0.2, 0.93]))
    self.assertIsNone(found.common_factor)

  def test_a_repeated_loss_is_recognised(self):
    found = _compare(_losses([0.1, 0.2]), _losses([0.1, 0.2, 0.1]))
    self.assertEqual(_names(found.unmatched_other), ["loss_2"])
    (again,) = found.repeated
    self.assertEqual(
      (again.reference.name, again.other.name), ("loss_0", "loss_2")
    )

  def test_an_extra_loss_is_no_repetition(self):
    found = _compare(_losses([0.1, 0.2]), _losses([0.1, 0.2, 0.15]))
    self.assertEqual(_names(found.unmatched_other), ["loss_2"])
    self.assertEqual(found.repeated, ())

  def test_tiny_losses_do_not_hide_behind_the_tolerance(self):
    reference = _losses(np.linspace(1e-6, 9e-6, 200))
    other = _losses(np.linspace(2e-6, 18e-6, 200))
    found = _compare(reference, other)
    self.assertFalse(found.is_match)
    self.assertFalse(found.is_attributed)

  def test_losses_on_unlike_variables_are_not_matched_by_value(self):
    reference = _losses([0.1, 0.1], ["a", "b"])
    other = _losses([0.1, 0.1], ["a", "c"])
    found = _compare(reference, other)
    self.assertTrue(found.is_match)
    self.assertFalse(found.is_attributed)
    self.assertEqual(_names(found.unmatched_other), ["loss_1"])

  def test_distance_of_totals_is_in_units_of_the_losses_own_dtype(self):
    one = np.float32(0.3)
    found = losses.compare_losses(
      [recording.LossRecord("a", one)],
      [recording.LossRecord("b", np.nextafter(one, np.float32(1)))],
      policy=tolerance_lib.TolerancePolicy(),
    )
    self.assertEqual(found.total.max_ulp, 1)
    self.assertGreater(found.total.max_abs, 0)

  def test_rounding_of_large_losses_is_no_difference(self):
    found = _compare(_losses([1.2254326]), _losses([1.2254325]))
    self.assertTrue(found.is_match)
    self.assertTrue(found.is_attributed)

  def test_nan_matches_nan_only(self):
    found = _compare(_losses([math.nan, 0.1]), _losses([0.1, math.nan]))
    self.assertTrue(found.is_attributed)
    found = _compare(_losses([math.nan, 0.1]), _losses([0.1, 0.2]))
    self.assertFalse(found.is_match)
    self.assertEqual(_names(found.unmatched_reference), ["loss_0"])

  def test_many_losses_match_quickly(self):
    rng = np.random.RandomState(0)
    values = np.repeat(rng.uniform(size=20), 100).astype(np.float32)
    found = _compare(_losses(values), _losses(values[::-1]))
    self.assertLen(found.matched, 2000)

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(losses).failed, 0)


if __name__ == "__main__":
  absltest.main()
