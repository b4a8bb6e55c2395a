from __future__ import annotations

import doctest

from absl.testing import absltest

from parity.compare import inventories
from parity.records import recording


def _variable(name, shape=(2, 3), *, tf1_name=None, **kwargs):
  kwargs.setdefault("dtype", "float32")
  kwargs.setdefault("trainable", True)
  return recording.VariableRecord(
    name=name, tf1_name=tf1_name or name, shape=shape, **kwargs
  )


def _names(variables):
  return [variable.name for variable in variables]


class DiffInventoriesTest(absltest.TestCase):
  def test_equal_inventories_in_another_order(self):
    diff = inventories.diff_inventories(
      [_variable("a"), _variable("b")], [_variable("b"), _variable("a")]
    )
    self.assertTrue(diff.is_match)
    self.assertEqual((diff.tf1_count, diff.tf2_count), (2, 2))
    self.assertLen(diff.pairs, 2)
    self.assertEqual(diff.probable_pairs, ())
    self.assertEqual(diff.duplicates, ())

  def test_paired_by_the_name_after_rename(self):
    diff = inventories.diff_inventories(
      [_variable("net/w")], [_variable("model/w", tf1_name="net/w")]
    )
    self.assertTrue(diff.is_match)

  def test_missing_and_extra(self):
    diff = inventories.diff_inventories(
      [_variable("a"), _variable("b", (7,))],
      [_variable("a"), _variable("c", (9,))],
    )
    self.assertFalse(diff.is_match)
    self.assertEqual(_names(diff.missing), ["b"])
    self.assertEqual(_names(diff.extra), ["c"])
    self.assertEqual(diff.probable_pairs, ())

  def test_each_property_is_compared(self):
    for field, value in (
      ("shape", (3, 2)),
      ("dtype", "float16"),
      ("trainable", False),
    ):
      diff = inventories.diff_inventories(
        [_variable("a")], [_variable("a", **{field: value})]
      )
      self.assertFalse(diff.is_match)
      for each in ("shape", "dtype", "trainable"):
        self.assertLen(getattr(diff, each), int(each == field))

  def test_a_name_twice_on_one_side_is_reported_and_counted(self):
    diff = inventories.diff_inventories(
      [_variable("a")], [_variable("a"), _variable("a")]
    )
    self.assertFalse(diff.is_match)
    self.assertEqual(
      diff.duplicates,
      (inventories.DuplicateName(name="a", tf1_count=1, tf2_count=2),),
    )
    self.assertEqual(_names(diff.extra), ["a"])
    self.assertLen(diff.pairs, 1)

  def test_a_name_twice_on_both_sides_is_reported_but_matches(self):
    twice = [_variable("a"), _variable("a", (5,))]
    diff = inventories.diff_inventories(twice, twice)
    self.assertTrue(diff.is_match)
    self.assertLen(diff.duplicates, 1)
    self.assertLen(diff.pairs, 2)

  def test_an_untracked_variable_is_no_part_of_the_inventory(self):
    lost = _variable("a", tracked=False, source="port.py:7")
    diff = inventories.diff_inventories([_variable("a")], [lost])
    self.assertEqual(diff.tf2_count, 0)
    self.assertEqual(_names(diff.missing), ["a"])
    self.assertEqual(diff.extra, ())
    self.assertEqual(diff.untracked, (lost,))
    (pair,) = diff.untracked_pairs
    self.assertEqual(pair.tf2.source, "port.py:7")
    self.assertEqual(pair.certainty, "certain")
    self.assertEqual(diff.renamed_pairs, ())
    self.assertEqual(inventories.rename_proposal(diff), {})

  def test_an_untracked_variable_that_nobody_misses_is_only_listed(self):
    diff = inventories.diff_inventories(
      [_variable("a")], [_variable("a"), _variable("step", (), tracked=False)]
    )
    self.assertTrue(diff.is_match)
    self.assertEqual(_names(diff.untracked), ["step"])
    self.assertEqual(diff.probable_pairs, ())

  def test_nothing_on_either_side(self):
    diff = inventories.diff_inventories([], [])
    self.assertTrue(diff.is_match)
    self.assertEqual(diff.tf1_count, 0)


class RenameProposalTest(absltest.TestCase):
  def test_maps_the_ports_own_names(self):
    diff = inventories.diff_inventories(
      [_variable("net/fc/kernel"), _variable("net/fc/bias", (3,))],
      [_variable("fc/kernel"), _variable("fc/bias", (3,))],
    )
    self.assertEqual(
      inventories.rename_proposal(diff),
      {"fc/kernel": "net/fc/kernel", "fc/bias": "net/fc/bias"},
    )

  def test_the_proposal_makes_the_inventories_match(self):
    tf1 = [_variable(f"net/layer_{i}/weights", (i + 2, 4)) for i in range(5)]
    tf2 = [_variable(f"layer_{i}/kernel", (i + 2, 4)) for i in range(5)]
    rename = inventories.rename_proposal(inventories.diff_inventories(tf1, tf2))
    renamed = [
      _variable(each.name, each.shape, tf1_name=rename[each.name])
      for each in tf2
    ]
    self.assertTrue(inventories.diff_inventories(tf1, renamed).is_match)

  def test_a_transposed_or_merely_possible_pair_is_not_proposed(self):
    diff = inventories.diff_inventories(
      [_variable("fc/kernel")], [_variable("dense/kernel", (3, 2))]
    )
    self.assertLen(diff.probable_pairs, 1)
    self.assertEqual(inventories.rename_proposal(diff), {})

  def test_a_name_that_occurs_twice_is_not_proposed(self):
    diff = inventories.diff_inventories(
      [_variable("one/kernel"), _variable("two/kernel", (4, 5))],
      [_variable("kernel"), _variable("kernel", (4, 5))],
    )
    self.assertEqual(inventories.rename_proposal(diff), {})

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(inventories).failed, 0)


if __name__ == "__main__":
  absltest.main()
