"""Tests of parity.report.figures."""

from __future__ import annotations

import doctest
import math

from absl.testing import absltest
from absl.testing import parameterized

from parity.report import figures
from testing import fakes


class WorstTest(absltest.TestCase):
  def test_a_pair_that_differs_is_worse_than_one_with_a_larger_figure(self):
    missing = fakes.make_comparison("a", "missing_other")
    beyond = fakes.make_comparison("b", "beyond", times_tolerance=1e30)
    self.assertIs(figures.worst([beyond, missing]), missing)

  def test_the_largest_figure_among_those_that_pass(self):
    small = fakes.make_comparison("a", times_tolerance=0.1)
    large = fakes.make_comparison("b", times_tolerance=0.9)
    equal = fakes.make_comparison("c", "equal")
    self.assertIs(figures.worst([small, large, equal]), large)

  def test_nothing_compared_has_no_worst(self):
    self.assertIsNone(figures.worst([]))

  def test_a_figure_that_is_no_number_is_infinitely_bad(self):
    pair = fakes.make_comparison(status="beyond", times_tolerance=math.nan)
    self.assertEqual(figures.size(pair), math.inf)


class WordsTest(parameterized.TestCase):
  def test_one_pair_that_differs_keeps_bit_equal_away(self):
    pairs = [fakes.make_comparison("a", "equal"), fakes.make_comparison("b")]
    self.assertEqual(
      figures.worst_in_words(pairs), "0.00404x tolerance, 3 ulp, 2 pairs"
    )

  def test_all_bit_equal(self):
    pairs = [fakes.make_comparison(name, "equal") for name in "ab"]
    self.assertEqual(figures.worst_in_words(pairs), "bit-equal, 2 pairs")

  @parameterized.parameters("shape", "dtype", "missing_other")
  def test_a_pair_without_figures_is_named(self, status):
    pair = fakes.make_comparison("1/logits", status)
    self.assertStartsWith(figures.worst_in_words([pair]), "1/logits: ")

  def test_what_does_not_fit_is_left_out_whole(self):
    pair = fakes.make_comparison("a_name_of_some_length", "beyond")
    self.assertEqual(figures.worst_in_words([pair], width=20), "988x tolerance")

  def test_a_limit_that_is_read_still_passes(self):
    for limit in (0.0123441, 9.99991e-6, 123.4501, 0.0):
      self.assertGreaterEqual(float(figures.at_least(limit)), limit)


class ExamplesTest(absltest.TestCase):
  def test_examples_of_the_docstrings(self):
    self.assertEqual(doctest.testmod(figures).failed, 0)


if __name__ == "__main__":
  absltest.main()
