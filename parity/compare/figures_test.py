from __future__ import annotations

import math

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.compare import blocks
from parity.compare import values
from parity.records import tolerance as tolerance_lib

GUIDE = tolerance_lib.Tolerance(rtol=1e-6, atol=1e-5)
LIMITS = (
  GUIDE,
  tolerance_lib.Tolerance(rtol=0, atol=0),
  tolerance_lib.Tolerance(rtol=1e-3, atol=0),
  tolerance_lib.Tolerance(rtol=0, atol=0.5),
  tolerance_lib.Tolerance(rtol=0.1, atol=1e-3),
)
SIZES = (1, 7, 1000, (1 << 14) + 3, 2 * blocks.BLOCK + 5)


def _compare(reference, other, tolerance=GUIDE):
  return values.compare_arrays(
    reference, other, tolerance=tolerance, kind="output", name="x"
  )


def _oracle(reference, other, tolerance):
  """The figures by plain NumPy over whole arrays, in float64."""
  left = np.asarray(reference).astype(np.float64).reshape(-1)
  right = np.asarray(other).astype(np.float64).reshape(-1)
  with np.errstate(all="ignore"):
    finite = np.isfinite(left) & np.isfinite(right)
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    allowed = tolerance.atol + tolerance.rtol * np.abs(left)
    difference = np.abs(right - left)
    passes = np.where(finite, difference <= allowed, same)
    times = np.where(
      finite, np.where(difference == 0, 0, difference / allowed), 0
    )
    times[~finite & ~same] = np.inf
    relative = np.where(left != 0, difference / np.abs(left), 0)[finite]
  difference = difference[finite]
  return {
    "mismatched": int((~passes).sum()),
    "max_abs": difference.max() if difference.size else None,
    "max_rel": relative.max() if difference.size else None,
    "rms": _root_mean_square(difference),
    "times_tolerance": times.max(),
  }


def _root_mean_square(difference):
  if not difference.size:
    return None
  largest = difference.max() or 1.0
  return largest * math.sqrt(np.mean((difference / largest) ** 2))


def _near(rng, reference, scale):
  """The reference, moved by noise of this relative size."""
  noise = 1 + scale * rng.normal(size=reference.shape)
  return (reference * noise).astype(reference.dtype)


class OracleTest(parameterized.TestCase):
  def _check(self, reference, other, tolerance):
    found = _compare(reference, other, tolerance)
    expected = _oracle(reference, other, tolerance)
    self.assertEqual(found.elements, np.asarray(reference).size)
    self.assertEqual(found.mismatched, expected["mismatched"])
    self.assertEqual(found.is_match, expected["mismatched"] == 0)
    for name in ("max_abs", "max_rel", "rms", "times_tolerance"):
      figure = getattr(found, name)
      if expected[name] is None:
        self.assertIsNone(figure, name)
      else:
        np.testing.assert_allclose(figure, expected[name], 3e-6, err_msg=name)
    self._check_passing(found, reference, other, tolerance)
    return found

  def _check_passing(self, found, reference, other, tolerance):
    if found.passing_atol is None:
      self.assertEqual(found.times_tolerance, math.inf)
      return
    widened = tolerance_lib.Tolerance(tolerance.rtol, found.passing_atol)
    self.assertTrue(_compare(reference, other, widened).is_match)
    self.assertEqual(_oracle(reference, other, widened)["mismatched"], 0)
    if found.passing_atol > 1e-5 * (found.max_abs or 0):
      narrowed = tolerance_lib.Tolerance(
        tolerance.rtol, found.passing_atol * 0.985
      )
      self.assertFalse(_compare(reference, other, narrowed).is_match)

  @parameterized.product(
    dtype=(np.float16, np.float32, np.float64), limit=LIMITS
  )
  def test_random_floats(self, dtype, limit):
    rng = np.random.RandomState(5)
    for size in SIZES:
      for spread in (0.1, 4):
        reference = np.exp(spread * rng.normal(size=size))
        reference *= rng.choice([-1, 0, 1, 1], size=size)
        reference = np.clip(reference, -3e4, 3e4).astype(dtype)
        self._check(reference, _near(rng, reference, 1e-6), limit)
        self._check(reference, _near(rng, reference, 0.1), limit)
        unlike = rng.normal(size=size).astype(dtype)
        self._check(reference, unlike, limit)

  @parameterized.parameters(*LIMITS)
  def test_differences_at_the_edge_of_the_tolerance(self, limit):
    rng = np.random.RandomState(6)
    reference = rng.normal(size=40000).astype(np.float32)
    allowed = limit.atol + limit.rtol * np.abs(reference.astype(np.float64))
    edge = 1 + rng.choice([-1e-7, 0, 1e-7], size=reference.size)
    other = (reference + allowed * edge).astype(np.float32)
    self._check(reference, other, limit)

  @parameterized.parameters(*LIMITS)
  def test_extreme_magnitudes(self, limit):
    for dtype in (np.float32, np.float64):
      top = np.finfo(dtype).max
      tiny = np.nextafter(dtype(0), dtype(1))
      reference = np.array([top, tiny, 0, 1, -tiny], dtype)
      for other in (np.zeros_like(reference), reference * dtype(0.5)):
        self._check(reference, other, limit)

  @parameterized.parameters(*LIMITS)
  def test_non_finite_numbers(self, limit):
    rng = np.random.RandomState(7)
    odd = [np.nan, np.inf, -np.inf, 0.0, 1.0]
    for size in (3, 70000):
      reference = rng.choice(odd, size=size).astype(np.float32)
      self._check(reference, rng.choice(odd, size=size).astype("f4"), limit)
      found = self._check(reference, reference.copy(), limit)
      self.assertEqual(found.status, "equal")

  @parameterized.product(
    dtype=(np.int8, np.uint8, np.int32, np.uint32), limit=LIMITS
  )
  def test_integers(self, dtype, limit):
    rng = np.random.RandomState(8)
    info = np.iinfo(dtype)
    pair = rng.randint(info.min, info.max + 1, size=(2, 5000), dtype=np.int64)
    reference, other = pair.astype(dtype)
    self._check(reference, other, limit)
    self._check(reference, np.where(other % 9 == 0, other, reference), limit)

  @parameterized.parameters(*LIMITS)
  def test_unlike_dtypes_have_figures(self, limit):
    rng = np.random.RandomState(9)
    reference = rng.normal(size=70000)
    other = reference.astype(np.float32)
    found = _compare(reference, other, limit)
    self.assertEqual(found.status, "dtype")
    self.assertEqual(
      (found.reference_dtype, found.other_dtype), ("float64", "float32")
    )
    expected = _oracle(reference, other, limit)
    self.assertEqual(found.mismatched, expected["mismatched"])
    self.assertAlmostEqual(found.max_abs, expected["max_abs"], places=15)
    self.assertIsNone(found.max_ulp)


if __name__ == "__main__":
  absltest.main()
