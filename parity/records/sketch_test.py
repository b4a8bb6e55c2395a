"""Tests of parity.records.sketch."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.records import sketch as sketch_lib


def _array(*shape):
  return np.random.RandomState(7).normal(size=shape).astype(np.float32)


def _distance(left, right):
  return sketch_lib.distance(
    sketch_lib.sketch_of(left), sketch_lib.sketch_of(right), closeness=1e-9
  )


class SketchTest(absltest.TestCase):
  def test_a_tensor_is_at_no_distance_from_itself(self):
    array = _array(3, 40, 50, 8)
    self.assertEqual(_distance(array, array.copy()), 0.0)

  def test_permuted_axes_are_recognised(self):
    array = _array(3, 40, 50, 8)
    self.assertLess(_distance(array, array.transpose(0, 3, 1, 2)), 1e-9)

  def test_a_reshape_is_recognised(self):
    array = _array(3, 40, 50, 8)
    self.assertEqual(_distance(array, array.reshape(120, 400)), 0.0)

  def test_another_tensor_of_equal_statistics_is_far(self):
    array = _array(3, 40, 50, 8)
    other = array.reshape(-1)[::-1].reshape(array.shape)
    self.assertGreater(_distance(array, other), 0.1)

  def test_a_square_tensor_transposed_is_told_from_the_same(self):
    array = _array(60, 60)
    sketch = sketch_lib.sketch_of(array)
    other = sketch_lib.sketch_of(array.T)
    self.assertGreater(np.max(np.abs(sketch.samples - other.samples)), 0.1)
    self.assertLess(_distance(array, array.T), 1e-9)

  def test_one_channel_moved_is_seen(self):
    array = _array(3, 40, 50, 8)
    other = array.copy()
    other[..., 5] += 1e-3
    self.assertGreater(_distance(array, other), 5e-4)

  def test_one_row_of_pixels_lost_is_seen(self):
    array = _array(3, 40, 50, 8)
    other = array.copy()
    other[:, 0] = 0.0
    self.assertGreater(_distance(array, other), 1e-3)

  def test_noise_moves_it_no_further_than_the_noise_goes(self):
    array = _array(3, 40, 50, 8)
    noise = 1e-6 * np.sign(_array(3, 40, 50, 8))
    self.assertLessEqual(_distance(array, array + noise), 1.2e-6)

  def test_what_is_not_finite_does_not_spread(self):
    array = _array(10, 10)
    array[2, 3] = np.nan
    self.assertEqual(_distance(array, array.copy()), 0.0)

  def test_runs_are_the_means_of_neighbours(self):
    for size in (1, 7, 1024, 1025, 700_001):
      array = _array(size)
      edges = np.linspace(0, size, min(1024, size) + 1).astype(np.int64)
      np.testing.assert_allclose(
        sketch_lib.sketch_of(array).runs,
        [
          np.mean(array[a:b], dtype=np.float64)
          for a, b in zip(edges[:-1], edges[1:])
        ],
        rtol=1e-12,
        atol=1e-15,
      )

  def test_a_scalar_has_one(self):
    self.assertEqual(_distance(np.float32(2.0), np.float32(2.5)), 0.5)

  def test_a_long_axis_is_averaged(self):
    sketch = sketch_lib.sketch_of(_array(2, 5000))
    self.assertLess(sum(p.size for p in sketch.profiles), 600)

  def test_text_has_none(self):
    self.assertIsNone(sketch_lib.sketch_of(np.array(["a", "b"])))


if __name__ == "__main__":
  absltest.main()
