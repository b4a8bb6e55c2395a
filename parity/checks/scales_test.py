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
    self.assertIsNone(scales.common_factor([np.ones(3)], [2 * np.ones(4)]))


class NameOfTest(absltest.TestCase):
  def test_inputs_and_outputs_of_a_recording_are_looked_at(self) -> None:
    recording = fakes.make_recording(
      inputs={"x": np.ones((7, 3), np.float32)},
      outputs=(fakes.make_output("scores", np.ones((7, 5), np.float32)),),
    )
    self.assertEqual(scales.name_of(7.0, recording), "7 (7, the batch size)")
    self.assertEqual(
      scales.name_of(35.0, recording),
      "35 (35, the number of elements of scores)",
    )

  def test_any_other_number_stands_alone(self) -> None:
    recording = fakes.make_recording(inputs={"x": np.ones((7, 3))})
    self.assertEqual(scales.name_of(0.7391, recording), "0.7391")


if __name__ == "__main__":
  absltest.main()
