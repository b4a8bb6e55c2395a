"""Tests of parity.cli.arguments."""

from __future__ import annotations

import argparse
import doctest

from absl.testing import absltest
from absl.testing import parameterized

from parity import errors
from parity.cli import arguments
from parity.records import vocabulary

_CHECKS = tuple(vocabulary.CHECKS)


class CheckNamesTest(parameterized.TestCase):
  def test_commas_and_repetition_give_the_contract_s_order(self):
    found = arguments.check_names(
      ["random_training, variables_match", "random_training"], _CHECKS
    )
    self.assertEqual(found, ("variables_match", "random_training"))

  def test_no_flag_is_no_name(self):
    self.assertEqual(arguments.check_names([], _CHECKS), ())

  @parameterized.parameters(
    ("random_trainin", "did you mean 'random_training'"),
    ("Variables-Match", "did you mean 'variables_match'"),
    ("zzz", "there are: variables_created_once"),
  )
  def test_an_unknown_name_is_told_with_the_nearest(self, word, told):
    with self.assertRaisesRegex(errors.UsageError, told):
      arguments.check_names([f"gradients,{word}"], _CHECKS)

  def test_a_flag_that_names_nothing_is_refused(self):
    with self.assertRaisesRegex(errors.UsageError, "names no check"):
      arguments.check_names([","], _CHECKS)


class NumbersTest(parameterized.TestCase):
  def test_numbers_that_are_taken(self):
    self.assertEqual(arguments.seed("0"), 0)
    self.assertEqual(arguments.positive_seconds("0.5"), 0.5)

  @parameterized.parameters("-1", "2147483648", "1.5", "x", "")
  def test_a_seed_that_is_none_is_refused(self, text):
    with self.assertRaisesRegex(argparse.ArgumentTypeError, "whole number"):
      arguments.seed(text)

  @parameterized.parameters("0", "-3", "inf", "nan", "soon")
  def test_a_duration_that_is_none_is_refused(self, text):
    with self.assertRaisesRegex(argparse.ArgumentTypeError, "above 0"):
      arguments.positive_seconds(text)


class ParserTest(absltest.TestCase):
  def test_a_mistake_raises_one_sentence_and_prints_nothing(self):
    parser = arguments.Parser(prog="parity x")
    parser.add_argument("--seed", type=arguments.seed)
    with self.assertRaisesRegex(errors.UsageError, r"see `parity x --help`\.$"):
      parser.parse_args(["--seed", "no"])

  def test_examples_of_the_docstrings(self):
    self.assertEqual(doctest.testmod(arguments).failed, 0)


if __name__ == "__main__":
  absltest.main()
