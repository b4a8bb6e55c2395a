"""Tests of parity.records.tolerance."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.records import tolerance


class ToleranceTest(parameterized.TestCase):
  @parameterized.parameters(
    np.float64(0.5), np.float32(0.5), np.float16(0.5), np.sqrt(0.25)
  )
  def test_a_number_of_numpy_is_a_plain_one(self, value):
    found = tolerance.Tolerance(rtol=value, atol=value)
    self.assertIs(type(found.rtol), float)
    self.assertIs(type(found.atol), float)
    self.assertEqual(found, tolerance.Tolerance(rtol=0.5, atol=0.5))

  def test_a_whole_number_of_numpy_is_a_plain_one(self):
    self.assertIs(type(tolerance.Tolerance(atol=np.int64(1)).atol), int)

  @parameterized.parameters(
    np.bool_(True), True, None, "1", np.complex64(1), np.str_("1")
  )
  def test_what_is_no_number_is_told(self, value):
    with self.assertRaisesRegex(TypeError, "Tolerance rtol must be a number"):
      tolerance.Tolerance(rtol=value)

  @parameterized.parameters(
    -1, np.float64(-1), np.float32("nan"), float("inf"), np.inf, 10**400
  )
  def test_what_is_no_limit_is_told(self, value):
    with self.assertRaisesRegex(ValueError, "finite and at least 0"):
      tolerance.Tolerance(atol=value)


if __name__ == "__main__":
  absltest.main()
