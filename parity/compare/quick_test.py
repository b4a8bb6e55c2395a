"""Tests of parity.compare.quick: what it leaves out changes no figure."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.compare import values
from parity.records import tolerance as tolerance_lib

# More than a block, so that what comes first rules out what comes later.
_SIZE = 200_000


def _compared(reference, other, limit):
  return values.compare_arrays(
    reference, other, tolerance=limit, kind="output", name="pair"
  )


class QuickTest(parameterized.TestCase):
  @parameterized.product(
    dtype=(np.float32, np.float64),
    noise=(1e-7, 1e-5, 1e-2),
    limit=(
      tolerance_lib.Tolerance(rtol=1e-6, atol=1e-5),
      tolerance_lib.Tolerance(rtol=0.0, atol=1e-2),
      tolerance_lib.Tolerance(rtol=1e-3, atol=0.0),
    ),
    has_zeros=(False, True),
  )
  def test_figures_are_those_of_the_whole_pair_in_float64(
    self, dtype, noise, limit, has_zeros
  ):
    rng = np.random.RandomState(1)
    reference = rng.standard_normal(_SIZE).astype(dtype)
    if has_zeros:
      reference = np.maximum(reference, 0)
    moved = reference * (1 + noise * rng.standard_normal(_SIZE))
    other = moved.astype(dtype)
    found = _compared(reference, other, limit)
    left, right = reference.astype(np.float64), other.astype(np.float64)
    apart = np.absolute(right - left)
    allowed = np.absolute(left) * limit.rtol + limit.atol
    with np.errstate(invalid="ignore"):
      times = np.nan_to_num(apart / allowed)
    self.assertEqual(found.mismatched, np.count_nonzero(apart > allowed))
    self.assertEqual(found.worst_index, (int(np.argmax(times)),))
    self.assertAlmostEqual(found.times_tolerance / times.max(), 1.0)
    self.assertAlmostEqual(found.max_abs / apart.max(), 1.0, places=5)
    kept = left != 0
    relative = (apart[kept] / np.absolute(left[kept])).max()
    self.assertAlmostEqual(found.max_rel / relative, 1.0, places=5)
    self.assertEqual(sum(found.ulp_histogram), _SIZE)
    signed = {np.float32: np.int32, np.float64: np.int64}[dtype]
    distance = np.absolute(reference.view(signed) - other.view(signed))
    self.assertEqual(found.max_ulp, float(distance.max()))

  def test_zeros_of_other_sign_are_no_distance_apart(self):
    reference = np.full(_SIZE, 1.0, np.float32)
    reference[::2] = 0.0
    other = np.nextafter(reference, np.float32(2))
    other[::2] = -0.0
    limit = tolerance_lib.Tolerance(rtol=1e-6, atol=1e-5)
    found = _compared(reference, other, limit)
    self.assertEqual(found.max_ulp, 1.0)
    self.assertEqual(found.ulp_histogram, (_SIZE // 2, _SIZE // 2))


if __name__ == "__main__":
  absltest.main()
