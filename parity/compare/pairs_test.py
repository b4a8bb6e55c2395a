from __future__ import annotations

import doctest
import math

from absl.testing import absltest
import numpy as np

from parity.compare import pairs
from parity.records import report
from parity.records import tolerance as tolerance_lib

GUIDE = tolerance_lib.Tolerance(rtol=1e-6, atol=1e-5)
POLICY = tolerance_lib.TolerancePolicy(default=GUIDE)


def _compare(reference, other, **kwargs):
  kwargs.setdefault("policy", POLICY)
  return pairs.compare_named(reference, other, kind="output", **kwargs)


class CompareNamedTest(absltest.TestCase):
  def test_every_name_of_either_side_is_reported(self):
    found = _compare(
      {"a": np.zeros(1), "b": np.float32([1])},
      {"b": np.float32([1]), "c": np.zeros((2, 3), np.int32)},
    )
    self.assertEqual(
      [(each.name, each.status) for each in found],
      [("a", "missing_other"), ("b", "equal"), ("c", "missing_reference")],
    )
    self.assertEqual(found[0].reference_shape, (1,))
    self.assertIsNone(found[0].other_shape)
    self.assertEqual(found[2].other_shape, (2, 3))
    self.assertEqual(found[2].other_dtype, "int32")

  def test_names_are_never_matched_by_similarity(self):
    found = _compare({"net/logits": np.ones(1)}, {"logits": np.ones(1)})
    self.assertEqual(
      {each.status for each in found}, {"missing_other", "missing_reference"}
    )

  def test_sorted_by_order_then_name_with_unknown_last(self):
    arrays = {name: np.zeros(1) for name in "abcd"}
    found = _compare(arrays, arrays, orders={"d": 0, "b": 5, "a": 5})
    self.assertEqual([each.name for each in found], ["d", "a", "b", "c"])
    self.assertEqual([each.order for each in found], [0, 5, 5, -1])

  def test_each_name_has_its_own_tolerance(self):
    policy = tolerance_lib.TolerancePolicy.from_spec(
      {"loose*": tolerance_lib.Tolerance(0, 1)}
    )
    reference = {"loose_one": np.zeros(1), "strict": np.zeros(1)}
    other = {name: array + 0.5 for name, array in reference.items()}
    found = _compare(reference, other, policy=policy)
    self.assertEqual([each.status for each in found], ["within", "beyond"])

  def test_nothing_to_compare(self):
    self.assertEqual(_compare({}, {}), ())


class FirstAndWorstTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    reference = {"late": np.zeros(1), "early": np.zeros(1), "good": np.ones(1)}
    other = {"late": np.ones(1), "early": np.full(1, 1e-3), "good": np.ones(1)}
    orders = {"good": 0, "early": 1, "late": 2}
    self.found = _compare(reference, other, orders=orders)

  def test_first_mismatch_is_the_first_to_run_not_the_largest(self):
    self.assertEqual(pairs.first_mismatch(self.found).name, "early")
    self.assertEqual(pairs.first_mismatch(self.found[::-1]).name, "early")

  def test_worst_is_the_largest(self):
    self.assertEqual(pairs.worst(self.found).name, "late")

  def test_nan_is_worse_than_any_number(self):
    found = _compare(
      {"a": np.zeros(1), "b": np.zeros(1)},
      {"a": np.full(1, 1e30), "b": np.full(1, math.nan)},
    )
    self.assertEqual(pairs.worst(found).name, "b")

  def test_a_missing_partner_is_worse_still(self):
    found = _compare(
      {"a": np.zeros(1), "b": np.zeros(1)}, {"b": np.full(1, math.nan)}
    )
    self.assertEqual(pairs.worst(found).name, "a")

  def test_no_mismatch_where_all_match(self):
    arrays = {"a": np.ones(1)}
    found = _compare(arrays, arrays)
    self.assertIsNone(pairs.first_mismatch(found))
    self.assertEqual(pairs.worst(found).name, "a")
    self.assertIsNone(pairs.worst([]))


class IsTrivialTest(absltest.TestCase):
  def _is_trivial(self, reference, other, tolerance=GUIDE):
    (comparison,) = _compare(
      {"x": reference},
      {"x": other},
      policy=tolerance_lib.TolerancePolicy(default=tolerance),
    )
    return pairs.is_trivial(comparison, reference, tolerance=tolerance)

  def test_values_below_the_tolerance_prove_nothing(self):
    reference = np.full(4, 3e-6)
    self.assertTrue(self._is_trivial(reference, reference * 1.5))
    self.assertTrue(self._is_trivial(reference, np.zeros(4)))

  def test_values_above_the_tolerance_prove_something(self):
    reference = np.array([3e-6, 1e-3])
    self.assertFalse(self._is_trivial(reference, reference * (1 + 1e-6)))

  def test_a_mismatch_is_not_trivial(self):
    self.assertFalse(self._is_trivial(np.full(4, 3e-6), np.ones(4)))

  def test_bit_equal_values_prove_something_unless_all_are_zero(self):
    self.assertFalse(self._is_trivial(np.full(4, 3e-6), np.full(4, 3e-6)))
    self.assertTrue(self._is_trivial(np.zeros(4), np.zeros(4)))

  def test_no_values_prove_nothing(self):
    self.assertTrue(self._is_trivial(np.zeros((0, 2)), np.zeros((0, 2))))

  def test_text_and_non_finite_numbers_are_not_trivial(self):
    text = np.array(["a"])
    self.assertFalse(self._is_trivial(text, text.copy()))
    odd = np.array([math.nan, 0.0])
    self.assertFalse(self._is_trivial(odd, odd.copy()))

  def test_names_of_all_that_prove_nothing(self):
    reference = {"deep": np.full(2, 1e-7), "stem": np.ones(2)}
    other = {"deep": np.zeros(2), "stem": np.ones(2), "extra": np.zeros(2)}
    found = _compare(reference, other)
    self.assertEqual(
      pairs.trivial_names(found, reference, policy=POLICY), ("deep",)
    )

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(pairs).failed, 0)
    self.assertTrue(report.Comparison("output", "x", "equal").is_match)


if __name__ == "__main__":
  absltest.main()
