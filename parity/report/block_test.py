"""Tests of parity.report.block."""

from __future__ import annotations

import doctest

from absl.testing import absltest

from parity.report import block
from testing import fakes


class BlockTest(absltest.TestCase):
  def test_a_pair_beyond_the_tolerance_tells_all_its_figures(self):
    pair = fakes.make_comparison(
      status="beyond", reference_nonfinite=(1, 0, 0), other_nonfinite=(0, 2, 0)
    )
    self.assertEqual(
      block.block_text(pair).splitlines(),
      [
        "output logits | beyond tolerance | 1 of 20 elements (5%) beyond",
        (
          "  worst       [2, 3] tf1 0.121675015, tf2 0.13167502,"
          " allowed 1.01e-05 (988x)"
        ),
        "  largest     abs 0.01, rel 0.0821, 8.39e+05 ulp, rms 0.0022",
        "  would pass  atol=0.01, rtol as it is",
        "  not finite  tf1 1 NaN, 0 +inf, 0 -inf; tf2 0 NaN, 2 +inf, 0 -inf",
      ],
    )

  def test_a_pair_that_passes_is_not_told_what_would_pass(self):
    text = block.block_text(fakes.make_comparison())
    self.assertIn("within tolerance | 20 elements", text)
    self.assertNotIn("would pass", text)

  def test_a_missing_partner_is_said_with_what_is_there(self):
    text = block.block_text(fakes.make_comparison(status="missing_other"))
    self.assertIn("not on the other side", text)
    self.assertIn("tf1         float32 [4, 5]", text)
    self.assertIn("tf2         missing", text)

  def test_another_shape_shows_both(self):
    text = block.block_text(fakes.make_comparison(status="shape"))
    self.assertIn("float32 [4, 5]", text)
    self.assertIn("float32 [5, 4]", text)

  def test_the_sides_are_named_as_told(self):
    pair = fakes.make_comparison(status="beyond")
    text = block.block_text(pair, reference="golden", other="tf2")
    self.assertIn("golden 0.121675015, tf2 0.13167502", text)

  def test_examples_of_the_docstrings(self):
    self.assertEqual(doctest.testmod(block).failed, 0)


if __name__ == "__main__":
  absltest.main()
