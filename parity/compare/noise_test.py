"""Tests of noise: what is within the floor, and what is not."""

from __future__ import annotations

import doctest

from absl.testing import absltest
import numpy as np

from parity.compare import noise


class FloorsTest(absltest.TestCase):
  def test_the_floor_is_the_largest_difference_of_any_recording(self):
    reference = {"a": np.zeros(3), "b": np.ones(2)}
    moved = [
      {"a": np.array([0.0, 1e-6, 0.0]), "b": np.ones(2)},
      {"a": np.array([-3e-6, 0.0, 0.0]), "b": np.ones(2)},
    ]
    self.assertEqual(noise.floors_of(reference, moved), {"a": 3e-6, "b": 0.0})

  def test_what_has_no_finite_difference_has_no_floor(self):
    reference = {"a": np.zeros(2), "b": np.zeros(2), "c": np.array(["x"])}
    moved = [{"a": np.array([np.nan, 0.0]), "c": np.array(["x"])}]
    self.assertEqual(noise.floors_of(reference, moved), {})
    self.assertEqual(noise.floors_of(reference, []), {})

  def test_without_a_floor_nothing_is_noise(self):
    self.assertFalse(noise.is_noise(np.zeros(2), np.zeros(2), None))
    self.assertTrue(noise.is_noise(np.zeros(2), np.zeros(2), 0.0))
    self.assertFalse(noise.is_noise(np.zeros(2), np.zeros(3), 1.0))

  def test_moving_moves_each_number_by_one_ulp(self):
    array = np.float32([1.0, 0.0, -2.5, np.inf])
    found = noise.moved(array, np.random.RandomState(0))
    self.assertEqual(found.dtype, np.float32)
    self.assertEqual(found[1], 0.0)
    self.assertEqual(found[3], np.inf)
    ulps = np.abs(found[[0, 2]].view(np.int32) - array[[0, 2]].view(np.int32))
    np.testing.assert_array_equal(ulps, [1, 1])
    whole = np.arange(3)
    self.assertIs(noise.moved(whole, np.random.RandomState(0)), whole)

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(noise).failed, 0)


if __name__ == "__main__":
  absltest.main()
