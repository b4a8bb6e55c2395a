"""Tests of parity.explain.numbers."""

from __future__ import annotations

import doctest
import warnings

from absl.testing import absltest
import numpy as np

from parity.explain import numbers


class WidenedTest(absltest.TestCase):
  def test_memory_that_a_kernel_left_unset_is_widened_in_silence(self):
    signalling = np.array([0x7F800001, 0x3F800000], np.uint32).view(np.float32)
    with warnings.catch_warnings():
      warnings.simplefilter("error")
      found = numbers.widened(signalling)
    self.assertTrue(np.isnan(found[0]))
    self.assertEqual(found[1], 1)

  def test_text_has_no_numbers(self):
    self.assertIsNone(numbers.widened(np.array([b"a"], object)))

  def test_examples_hold(self):
    self.assertEqual(doctest.testmod(numbers).failed, 0)


if __name__ == "__main__":
  absltest.main()
