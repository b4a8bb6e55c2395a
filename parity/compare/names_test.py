"""Tests of names: what is alike, and what is not."""

from __future__ import annotations

import doctest

from absl.testing import absltest

from parity.compare import names


class AlikenessTest(absltest.TestCase):
  def test_an_ending_is_alike_only_at_a_whole_part(self):
    self.assertEqual(
      names.alikeness("net/fc/kernel", "fc/kernel"),
      "one name ends in the other",
    )
    self.assertIsNone(names.alikeness("net/afc/kernel", "fc/kernel"))

  def test_another_scope_counts_only_above_a_layer_of_its_own(self):
    self.assertIsNotNone(names.alikeness("a/fc/kernel", "b/fc/kernel"))
    self.assertIsNone(names.alikeness("a/kernel", "b/kernel"))

  def test_the_same_name_counts_for_more_than_a_part_of_it(self):
    whole, *parts = names.ALIKE.values()
    self.assertGreater(whole, max(parts))
    self.assertGreater(min(parts), 0)

  def test_words_leave_numbers_out(self):
    self.assertEqual(
      names.words_of("Net/Dense_12/w"), {"net", "dense", "kernel"}
    )

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(names).failed, 0)


if __name__ == "__main__":
  absltest.main()
