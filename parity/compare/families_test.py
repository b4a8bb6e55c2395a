"""Tests of parity.compare.families: bfloat16, whoever made the array."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.compare import families
from parity.compare import values
from parity.records import tolerance as tolerance_lib

# As a golden is read where no library makes a bfloat16: 1, 2, -3.
_STORED = np.array([0x3F80, 0x4000, 0xC040], "<u2").view([("bfloat16", "<u2")])


def compare(reference, other):
  return values.compare_arrays(
    reference,
    other,
    tolerance=tolerance_lib.Tolerance(),
    kind="output",
    name="x",
  )


class StoredBfloat16Test(absltest.TestCase):
  def test_its_bits_are_numbers_of_the_family_of_floats(self):
    self.assertEqual(families.family_of(_STORED.dtype), families.FLOAT)
    self.assertEqual(families.type_name(_STORED), "bfloat16")
    self.assertEqual(families.readable(_STORED).tolist(), [1.0, 2.0, -3.0])
    self.assertEqual(values.largest_magnitude(_STORED), 3.0)

  def test_equal_bits_are_equal(self):
    found = compare(_STORED, _STORED.copy())
    self.assertEqual(found.status, "equal")
    self.assertEqual(found.reference_head, (1.0, 2.0, -3.0))

  def test_one_bit_is_a_distance_in_numbers(self):
    other = _STORED.copy()
    other["bfloat16"][1] += 1
    found = compare(_STORED, other)
    self.assertEqual((found.status, found.mismatched), ("beyond", 1))
    self.assertEqual(found.max_ulp, 1)
    self.assertEqual(found.max_abs, 0.015625)

  def test_a_scalar_and_an_empty_array_are_compared(self):
    for array in (_STORED[0].reshape(()), _STORED[:0]):
      self.assertEqual(compare(array, array.copy()).status, "equal")

  def test_another_type_is_told_apart(self):
    other = np.array([1, 2, -3], np.float32)
    self.assertEqual(compare(_STORED, other).status, "dtype")


if __name__ == "__main__":
  absltest.main()
