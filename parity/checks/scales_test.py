"""Tests of scales: one factor between many tensors, and what it equals."""

from __future__ import annotations

import doctest

from absl.testing import absltest
import numpy as np

from parity.checks import scales
from testing import fakes


def _random(*shape: int) -> np.ndarray:
  return np.random.RandomState(3).normal(size=shape).astype(np.float32)


class CommonFactorTest(absltest.TestCase):
  def test_examples_hold(self) -> None:
    self.assertEqual(doctest.testmod(scales).failed, 0)

  def test_one_factor_is_found_through_rounding(self) -> None:
    left = [_random(3, 4), _random(4)]
    right = [array * np.float32(0.25) + np.float32(1e-9) for array in left]
    self.assertAlmostEqual(scales.common_factor(left, right), 0.25, places=6)

  def test_a_sign_is_a_factor(self) -> None:
    left = [_random(5)]
    self.assertAlmostEqual(scales.common_factor(left, [-left[0]]), -1.0)

  def test_equal_tensors_have_none(self) -> None:
    left = [_random(3, 4)]
    self.assertIsNone(scales.common_factor(left, left))

  def test_two_factors_are_none(self) -> None:
    left = [_random(3, 4), _random(4)]
    self.assertIsNone(scales.common_factor(left, [left[0] * 2, left[1] * 3]))

  def test_a_small_tensor_with_another_factor_shows(self) -> None:
    left = [_random(100), _random(4) * 1e-4]
    self.assertIsNone(scales.common_factor(left, [left[0] * 2, left[1]]))

  def test_noise_beside_the_tensors_does_not_count(self) -> None:
    left = [_random(100), _random(4) * 1e-9]
    right = [left[0] * 2, -left[1]]
    self.assertAlmostEqual(scales.common_factor(left, right), 2.0)

  def test_zeros_and_nan_have_none(self) -> None:
    zeros, nans = [np.zeros(3)], [np.full(3, np.nan)]
    self.assertIsNone(scales.common_factor(zeros, [np.ones(3)]))
    self.assertIsNone(scales.common_factor([np.ones(3)], nans))

  def test_other_shapes_have_none(self) -> None:
    self.assertIsNone(scales.common_factor([np.ones(3)], [np.ones((3, 1))]))


class NameOfTest(absltest.TestCase):
  def test_the_batch_size_is_named(self) -> None:
    recording = fakes.make_recording(
      inputs={"x": np.ones((7, 3), np.float32), "y": np.ones(7, np.int32)}
    )
    self.assertEqual(scales.name_of(7.0, recording), "7 (7, the batch size)")
    self.assertIn("1 / 7, the batch size", scales.name_of(1 / 7, recording))

  def test_nonzero_weights_are_named(self) -> None:
    mask = np.zeros((3, 6), np.float32)
    mask[0] = 1.0
    mask[1, :5] = 1.0
    recording = fakes.make_recording(inputs={"mask": mask})
    self.assertIn(
      "11 nonzero of 18 elements of mask",
      scales.name_of(11 / 18, recording),
    )

  def test_numbers_that_coincide_are_both_named(self) -> None:
    mask = np.zeros((4, 3), np.float32)
    mask[0] = mask[1, 0] = 1.0
    recording = fakes.make_recording(inputs={"mask": mask})
    self.assertEqual(
      scales.name_of(4.0, recording),
      "4 (4, the batch size or the number of nonzero elements of mask)",
    )

  def test_labels_are_no_weights_although_some_are_zero(self) -> None:
    labels = np.array([0, 2, 3, 1, 0, 4, 2], np.int32)
    recording = fakes.make_recording(inputs={"labels": labels}, outputs=())
    self.assertEqual(scales.name_of(5.0, recording), "5")
    self.assertNotIn("nonzero", scales.name_of(5 / 7, recording))

  def test_a_plain_number_is_named(self) -> None:
    recording = fakes.make_recording(inputs={})
    self.assertEqual(scales.name_of(0.5, recording), "0.5 (1/2)")

  def test_any_other_number_stands_alone(self) -> None:
    recording = fakes.make_recording(inputs={"x": np.ones((7, 3))})
    self.assertEqual(scales.name_of(0.7391, recording), "0.7391")


if __name__ == "__main__":
  absltest.main()
