"""Tests of parity.checks.same_inputs."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.checks import same_inputs
from testing import fakes


def difference(left, right):
  return same_inputs.difference(
    fakes.make_recording("tf1", inputs=left),
    fakes.make_recording("tf2", inputs=right),
  )


class DifferenceTest(absltest.TestCase):
  def test_equal_inputs_are_the_same(self):
    x = np.array([1, np.nan, -0.0], np.float32)
    self.assertIsNone(difference({"x": x}, {"x": x.copy()}))

  def test_text_is_the_same_whether_stored_or_not(self):
    stored = np.array([b"a", b"\xc3\xa9"], object)
    self.assertIsNone(
      difference({"x": stored}, {"x": np.array(["a", "\u00e9"])})
    )
    self.assertIn("input x", difference({"x": stored}, {"x": stored[::-1]}))

  def test_one_bit_is_a_difference(self):
    x = np.float32([1, 2])
    found = difference({"x": x}, {"x": np.nextafter(x, np.float32(9))})
    self.assertStartsWith(found, "input x is not the same on both sides")

  def test_other_shapes_dtypes_and_paths_are_differences(self):
    x = np.zeros((2, 3), np.float32)
    for other in (x.T, x.astype(np.float64)):
      self.assertIn("input x", difference({"x": x}, {"x": other}))
    found = difference({"x": x}, {"x": x, "y": x})
    self.assertStartsWith(found, "input y was given to the tf2 side only")


if __name__ == "__main__":
  absltest.main()
