"""Tests of parity.checks.same_inputs."""

from __future__ import annotations

import dataclasses

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


class JudgeTest(absltest.TestCase):
  def _judge(self, left, right):
    evidence = fakes.make_evidence(
      fakes.make_recording("tf1", inputs={"x": left}),
      fakes.make_recording("tf2", inputs={"x": right}),
    )
    return same_inputs.judge("random_inference", evidence), evidence

  def test_other_inputs_are_an_error_of_the_check(self):
    result, _ = self._judge(np.zeros(2), np.ones(2))
    self.assertEqual(
      (result.name, result.status), ("random_inference", "error")
    )
    self.assertIn("input x", result.reason)

  def test_the_same_inputs_are_none(self):
    self.assertIsNone(self._judge(np.ones(2), np.ones(2))[0])

  def test_a_check_of_the_port_alone_has_nothing_to_hold_them_against(self):
    _, evidence = self._judge(np.zeros(2), np.ones(2))
    alone = dataclasses.replace(
      evidence, plan=dataclasses.replace(evidence.plan, tf1=None)
    )
    self.assertIsNone(same_inputs.judge("variables_created_once", alone))


if __name__ == "__main__":
  absltest.main()
