from __future__ import annotations

import doctest

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.compare import ulp

FLOATS = (np.float16, np.float32, np.float64)


def _bits_oracle(value: np.floating) -> int:
  """Sign and magnitude of one number as a Python integer."""
  width = value.dtype.itemsize
  bits = int(np.array([value]).view(f"u{width}")[0])
  sign = 1 << (8 * width - 1)
  return -(bits - sign) if bits >= sign else bits


def _bfloat16_bits(array: np.ndarray) -> np.ndarray:
  bits = np.asarray(array, np.float32).view(np.uint32)
  return (bits >> np.uint32(16)).astype(np.uint16)


class UlpDistanceTest(parameterized.TestCase):
  @parameterized.parameters(*FLOATS)
  def test_next_number_is_one_apart(self, dtype):
    values = np.array([1, -1, 1e-3, 0, -3e4], dtype)
    above = np.nextafter(values, dtype(np.inf))
    np.testing.assert_array_equal(ulp.ulp_distance(values, above), 1)
    np.testing.assert_array_equal(ulp.ulp_distance(above, values), 1)

  @parameterized.parameters(*FLOATS)
  def test_zeros_of_either_sign_are_equal(self, dtype):
    zeros = np.array([0.0, -0.0, 0.0], dtype)
    np.testing.assert_array_equal(ulp.ulp_distance(zeros, -zeros), 0)

  @parameterized.parameters(*FLOATS)
  def test_smallest_numbers_around_zero_are_two_apart(self, dtype):
    tiny = np.nextafter(np.array([0], dtype), dtype(1))
    self.assertEqual(ulp.ulp_distance(tiny, -tiny)[0], 2)

  @parameterized.parameters(*FLOATS)
  def test_random_bits_agree_with_python_integers(self, dtype):
    rng = np.random.RandomState(0)
    width = np.dtype(dtype).itemsize
    pair = np.frombuffer(rng.bytes(400 * width), dtype).reshape(2, -1)
    pair = pair[:, np.isfinite(pair).all(axis=0)]
    found = ulp.ulp_distance(pair[0], pair[1])
    self.assertGreater(found.size, 100)
    for i in range(found.size):
      expected = abs(_bits_oracle(pair[0][i]) - _bits_oracle(pair[1][i]))
      self.assertEqual(int(found[i]), expected)

  @parameterized.parameters(*FLOATS)
  def test_opposite_extremes_do_not_overflow(self, dtype):
    top = np.array([np.finfo(dtype).max], dtype)
    expected = 2 * _bits_oracle(top[0])
    self.assertEqual(int(ulp.ulp_distance(top, -top)[0]), expected)

  def test_nan_is_near_nan_and_far_from_numbers(self):
    left = np.float32([np.nan, np.nan, 1])
    right = np.float32([-np.nan, 1, np.nan])
    far = 2**64 - 1
    self.assertEqual(ulp.ulp_distance(left, right).tolist(), [0, far, far])

  def test_infinity_is_not_taken_for_nan(self):
    left = np.float32([np.inf, -np.inf])
    self.assertEqual(ulp.ulp_distance(left, left).tolist(), [0, 0])

  def test_bfloat16_bits_as_uint16(self):
    left = _bfloat16_bits(np.float32([1, 1, -1, 0.0]))
    right = _bfloat16_bits(np.float32([1.0078125, 1, 1, -0.0]))
    found = ulp.ulp_distance(left, right)
    self.assertEqual(found.tolist(), [1, 0, 2 * 0x3F80, 0])

  def test_bfloat16_of_ml_dtypes_agrees_with_its_bits(self):
    try:
      import ml_dtypes
    except ImportError:
      self.skipTest("ml_dtypes is not installed in this environment")
    rng = np.random.RandomState(1)
    left = rng.normal(size=50).astype(ml_dtypes.bfloat16)
    right = rng.normal(size=50).astype(ml_dtypes.bfloat16)
    by_bits = ulp.ulp_distance(left.view(np.uint16), right.view(np.uint16))
    np.testing.assert_array_equal(ulp.ulp_distance(left, right), by_bits)

  def test_shape_big_endian_and_stride_do_not_matter(self):
    rng = np.random.RandomState(2)
    left = rng.normal(size=(4, 6))
    right = rng.normal(size=(4, 6))
    expected = ulp.ulp_distance(left, right)
    self.assertEqual(expected.shape, (4, 6))
    swapped = ulp.ulp_distance(left.astype(">f8"), right.astype(">f8"))
    np.testing.assert_array_equal(swapped, expected)
    strided = ulp.ulp_distance(left.T, right.T)
    np.testing.assert_array_equal(strided, expected.T)

  def test_scalars_and_empty_arrays(self):
    one = np.array(1.0)
    self.assertEqual(ulp.ulp_distance(one, one).shape, ())
    empty = np.zeros((0, 3), np.float32)
    self.assertEqual(ulp.ulp_distance(empty, empty).shape, (0, 3))

  def test_unlike_types_or_shapes_are_refused(self):
    with self.assertRaisesRegex(TypeError, "float32 and float64"):
      ulp.ulp_distance(np.zeros(1, np.float32), np.zeros(1))
    with self.assertRaisesRegex(TypeError, "found int64"):
      ulp.ulp_distance(np.zeros(1, np.int64), np.zeros(1, np.int64))
    with self.assertRaisesRegex(ValueError, r"\(1,\) and \(2,\)"):
      ulp.ulp_distance(np.zeros(1), np.zeros(2))


class HistogramTest(parameterized.TestCase):
  @parameterized.parameters(np.uint16, np.uint32, np.uint64)
  def test_agrees_with_bit_lengths(self, dtype):
    rng = np.random.RandomState(3)
    bits = np.dtype(dtype).itemsize * 8
    for most in (1, 3, bits // 2, bits):
      edges = [0, 1, (1 << most) - 1, 1 << (most - 1)]
      drawn = [int(rng.randint(0, 1 << 15)) % (1 << most) for _ in range(200)]
      numbers = np.array(edges + drawn, dtype)
      expected = np.zeros(ulp.BINS, np.int64)
      for number in numbers.tolist():
        expected[number.bit_length()] += 1
      np.testing.assert_array_equal(ulp.histogram(numbers), expected)

  def test_a_few_large_distances_among_small_ones_are_counted_too(self):
    near = [number % 100 for number in range(1000)]
    far = [1 << 9, (1 << 9) + 5, 1 << 20, (1 << 32) - 1]
    expected = np.zeros(ulp.BINS, np.int64)
    for number in near + far:
      expected[number.bit_length()] += 1
    found = ulp.histogram(np.array(near + far, np.uint32))
    np.testing.assert_array_equal(found, expected)

  def test_nothing_to_count(self):
    self.assertEqual(ulp.histogram(np.zeros(0, np.uint32)).sum(), 0)
    self.assertEqual(ulp.trimmed(np.zeros(ulp.BINS, np.int64)), ())

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(ulp).failed, 0)


if __name__ == "__main__":
  absltest.main()
