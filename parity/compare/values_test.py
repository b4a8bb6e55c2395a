from __future__ import annotations

import doctest
import math
import tracemalloc

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.compare import values
from parity.records import tolerance as tolerance_lib

GUIDE = tolerance_lib.Tolerance(rtol=1e-6, atol=1e-5)


def _compare(reference, other, tolerance=GUIDE):
  return values.compare_arrays(
    reference, other, tolerance=tolerance, kind="output", name="x"
  )


def _near(rng, reference, scale):
  """The reference, moved by noise of this relative size."""
  noise = 1 + scale * rng.normal(size=reference.shape)
  return (reference * noise).astype(reference.dtype)


class StatusTest(parameterized.TestCase):
  @parameterized.parameters(
    np.float16, np.float32, np.float64, np.complex64, np.int64, np.bool_
  )
  def test_equal_bytes(self, dtype):
    array = np.arange(100).astype(dtype).reshape(4, 25)
    found = _compare(array, array.copy())
    self.assertEqual(found.status, "equal")
    self.assertEqual(found.elements, 100)
    self.assertEqual(found.times_tolerance, 0)
    self.assertIsNone(found.worst_index)

  @parameterized.parameters(*range(1, 18))
  def test_arrays_of_any_number_of_bytes_are_compared(self, size):
    array = np.arange(size).astype(np.uint8)
    self.assertEqual(_compare(array, array.copy()).status, "equal")
    other = array.copy()
    other[-1] += 100
    self.assertEqual(_compare(array, other).mismatched, 1)

  def test_text_against_numbers_is_another_type_alone(self):
    for left, right in (
      (np.array(["1", "2"]), np.array([1.0, 2.0])),
      (np.array([1.0, 2.0]), np.array(["1", "2"])),
    ):
      found = _compare(left, right)
      self.assertEqual((found.status, found.elements), ("dtype", 0))
    found = _compare(np.float64([1, 2]), np.float32([1, 2]))
    self.assertEqual((found.status, found.elements), ("dtype", 2))

  def test_first_values_of_an_output_are_shown_and_of_no_weight(self):
    reference, other = np.arange(6.0).reshape(2, 3), np.zeros((2, 3))
    limit = tolerance_lib.Tolerance()
    shown = values.compare_arrays(
      reference, other, tolerance=limit, kind="output", name="logits"
    )
    self.assertEqual(shown.reference_head, (0, 1, 2, 3, 4))
    self.assertEqual(shown.other_head, (0,) * 5)
    hidden = values.compare_arrays(
      reference, other, tolerance=limit, kind="initial", name="kernel"
    )
    self.assertEqual(hidden.reference_head, ())

  def test_zeros_of_unlike_sign_are_within_not_equal(self):
    limit = tolerance_lib.Tolerance(0, 0)
    found = _compare(np.float32([0.0]), np.float32([-0.0]), limit)
    self.assertEqual(found.status, "within")
    self.assertEqual(found.max_ulp, 0)

  def test_nan_on_one_side_is_beyond_any_tolerance(self):
    reference = np.float32([[1, 2], [3, 4]])
    other = np.float32([[1, 2], [np.nan, 4]])
    found = _compare(reference, other, tolerance_lib.Tolerance(1, 1e9))
    self.assertEqual(found.status, "beyond")
    self.assertEqual(found.mismatched, 1)
    self.assertEqual(found.times_tolerance, math.inf)
    self.assertEqual(found.worst_index, (1, 0))
    self.assertEqual(found.worst_reference, 3)
    self.assertEqual(found.other_nonfinite, (1, 0, 0))
    self.assertEqual(found.reference_nonfinite, (0, 0, 0))
    self.assertIsNone(found.passing_atol)
    self.assertEqual(found.max_abs, 0)

  def test_nan_at_the_same_place_is_equal(self):
    array = np.float32([np.nan, 1, np.inf, -np.inf])
    found = _compare(array, array.copy())
    self.assertEqual(found.status, "equal")
    self.assertEqual(found.reference_nonfinite, (1, 1, 1))
    self.assertEqual(found.ulp_histogram, (1,))

  def test_infinities_of_unlike_sign_are_beyond(self):
    found = _compare(np.array([np.inf]), np.array([-np.inf]))
    self.assertEqual(found.status, "beyond")
    self.assertIsNone(found.max_abs)

  def test_shapes_must_agree_even_where_they_broadcast(self):
    found = _compare(np.zeros((2, 1)), np.zeros((1, 2)))
    self.assertEqual(found.status, "shape")
    self.assertEqual(found.reference_shape, (2, 1))
    self.assertEqual(found.elements, 0)
    self.assertEqual(_compare(np.zeros(()), np.zeros(1)).status, "shape")

  def test_empty_arrays(self):
    found = _compare(np.zeros((0, 3)), np.zeros((0, 3)))
    self.assertEqual((found.status, found.elements), ("equal", 0))
    self.assertIsNone(found.max_abs)

  def test_scalars(self):
    found = _compare(np.array(1.0), np.array(2.0))
    self.assertEqual(found.status, "beyond")
    self.assertEqual(found.worst_index, ())
    self.assertEqual(_compare(np.float32(1), np.float32(1)).status, "equal")

  def test_order_kind_and_name_are_kept(self):
    one = np.ones(1)
    found = values.compare_arrays(
      one, one, tolerance=GUIDE, kind="final", name="w", order=7
    )
    self.assertEqual((found.kind, found.name, found.order), ("final", "w", 7))


class TypesTest(parameterized.TestCase):
  def test_wide_integers_do_not_overflow(self):
    for dtype in (np.int64, np.uint64):
      info = np.iinfo(dtype)
      found = _compare(np.array([info.max], dtype), np.array([info.min], dtype))
      self.assertEqual(found.max_abs, 2.0**64)
      self.assertEqual(found.status, "beyond")

  def test_neighbouring_large_integers_differ_by_one(self):
    limit = tolerance_lib.Tolerance(0, 0.5)
    reference = np.array([2**62, 2**62], np.int64)
    found = _compare(reference, reference + np.array([0, 1]), limit)
    self.assertEqual((found.max_abs, found.mismatched), (1.0, 1))

  def test_bool_differs_whatever_the_tolerance(self):
    limit = tolerance_lib.Tolerance(1, 10)
    found = _compare(np.array([True, False]), np.array([True, True]), limit)
    self.assertEqual((found.status, found.mismatched), ("beyond", 1))
    self.assertEqual(found.worst_index, (1,))

  def test_complex_by_magnitude(self):
    reference = np.array([1 + 1j, np.nan], np.complex64)
    other = np.array([1 + 4j, np.nan + 1j], np.complex64)
    found = _compare(reference, other)
    self.assertEqual((found.max_abs, found.mismatched), (3.0, 1))
    limit = tolerance_lib.Tolerance(0, 3.0)
    self.assertEqual(_compare(reference, other, limit).status, "within")

  def test_text_in_any_form(self):
    bytes_array = np.array([b"a", b"bc"])
    objects = np.array([b"a", b"bc"], object)
    self.assertEqual(_compare(bytes_array, objects).status, "equal")
    other = np.array([b"a", b"bd"])
    found = _compare(objects, other)
    self.assertEqual((found.status, found.worst_index), ("beyond", (1,)))
    self.assertIsNone(found.worst_reference)
    self.assertIsNone(found.max_abs)
    self.assertEqual(_compare(np.array(["a"]), np.array(["abc"])).mismatched, 1)

  def test_bytes_are_not_text(self):
    found = _compare(np.array([b"a"]), np.array(["a"]))
    self.assertEqual(found.status, "dtype")
    self.assertEqual(
      (found.reference_dtype, found.other_dtype), ("bytes", "str")
    )

  def test_text_is_not_a_number(self):
    self.assertEqual(_compare(np.array(["1"]), np.array([1])).status, "dtype")

  def test_objects_with_nan_and_arrays(self):
    def make(last):
      array = np.empty(3, object)
      array[:] = [None, float("nan"), np.array([1, last])]
      return array

    self.assertEqual(_compare(make(2), make(2)).status, "equal")
    self.assertEqual(_compare(make(2), make(3)).worst_index, (2,))

  def test_dates_and_structures(self):
    dates = np.array(["2020-01-01", "NaT"], "M8[D]")
    self.assertEqual(_compare(dates, dates.copy()).status, "equal")
    self.assertEqual(_compare(dates, dates[::-1]).mismatched, 2)
    pairs = np.array([(1, 2.0), (3, 4.0)], [("a", "i4"), ("b", "f4")])
    other = pairs.copy()
    self.assertEqual(_compare(pairs, other).status, "equal")
    other["b"][1] = 5
    self.assertEqual(_compare(pairs, other).worst_index, (1,))

  def test_bfloat16(self):
    try:
      import ml_dtypes
    except ImportError:
      self.skipTest("ml_dtypes is not installed in this environment")
    reference = np.array([[1, 2, np.nan]], ml_dtypes.bfloat16)
    other = np.array([[1, 2.03125, np.nan]], ml_dtypes.bfloat16)
    found = _compare(reference, other)
    self.assertEqual(found.reference_dtype, "bfloat16")
    self.assertEqual((found.status, found.max_abs), ("beyond", 0.03125))
    self.assertEqual(found.max_ulp, 2)
    self.assertEqual(found.reference_nonfinite, (1, 0, 0))
    self.assertEqual(_compare(reference, reference.T.copy().T).status, "equal")
    self.assertEqual(
      _compare(reference, reference.astype(np.float32)).status, "dtype"
    )
    eighth = np.array([1, 2], ml_dtypes.float8_e4m3fn)
    self.assertEqual(_compare(eighth, eighth[::-1]).max_abs, 1)

  def test_longdouble(self):
    array = np.array([1, 2], np.longdouble)
    self.assertTrue(_compare(array, array.copy()).is_match)
    self.assertEqual(_compare(array, array * 2).max_abs, 2)


class LayoutTest(absltest.TestCase):
  def test_views_of_any_layout_agree_with_copies(self):
    rng = np.random.RandomState(11)
    reference = rng.normal(size=(300, 7, 60)).astype(np.float32)
    other = _near(rng, reference, 1e-4)
    expected = _compare(reference.T.copy(), other.T.copy())
    self.assertGreater(expected.mismatched, 0)
    self.assertEqual(_compare(reference.T, other.T), expected)
    self.assertEqual(_compare(reference.T, other.T.copy()), expected)
    swapped = _compare(reference.T.astype(">f4"), other.T.astype(">f4"))
    self.assertEqual(swapped, expected)
    strided = _compare(reference[::2, :, ::3], other[::2, :, ::3])
    copied = _compare(reference[::2, :, ::3].copy(), other[::2, :, ::3].copy())
    self.assertEqual(strided, copied)

  def test_read_only_arrays_stay_as_they_are(self):
    array = np.arange(10.0)
    array.flags.writeable = False
    other = np.arange(10.0) + 1
    other.flags.writeable = False
    self.assertEqual(_compare(array, other).mismatched, 10)
    np.testing.assert_array_equal(array, np.arange(10.0))

  def test_memory_stays_far_below_the_arrays(self):
    reference = np.ones(8 << 20, np.float32)
    other = reference * np.float32(1.001)
    tracemalloc.start()
    try:
      _compare(reference, other)
      peak = tracemalloc.get_traced_memory()[1]
    finally:
      tracemalloc.stop()
    self.assertLess(peak, reference.nbytes // 4)


class LargestMagnitudeTest(absltest.TestCase):
  def test_largest_magnitude(self):
    self.assertEqual(values.largest_magnitude(np.array([-3, 2])), 3)
    self.assertEqual(values.largest_magnitude(np.zeros(0)), 0)
    self.assertTrue(math.isnan(values.largest_magnitude(np.array([np.nan]))))
    with self.assertRaisesRegex(TypeError, "str has no largest magnitude"):
      values.largest_magnitude(np.array(["a"]))

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(values).failed, 0)


if __name__ == "__main__":
  absltest.main()
