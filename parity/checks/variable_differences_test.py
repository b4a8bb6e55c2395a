"""Tests of parity.checks.variable_differences."""

from __future__ import annotations

from absl.testing import absltest

from parity.checks import variable_differences
from parity.compare import inventories
from testing import fakes


def _found(tf1, tf2):
  diff = inventories.diff_inventories(tf1, tf2)
  return variable_differences.of(diff)


class OfTest(absltest.TestCase):
  def test_equal_inventories_differ_in_nothing(self):
    variables = [
      fakes.make_variable(),
      fakes.make_variable("net/fc/bias", (3,)),
    ]
    self.assertEmpty(_found(variables, variables))

  def test_missing_and_extra(self):
    ours = fakes.make_variable("a/w", (2, 3), source="m.py:1")
    theirs = fakes.make_variable("b/v", (5,), trainable=False)
    found = _found([ours], [theirs])
    self.assertEqual([d.status for d in found], ["missing", "extra"])
    self.assertEqual(found[0].tf1.source, "m.py:1")
    self.assertIsNone(found[0].tf2)
    self.assertEqual(found[1].tf2.shape, (5,))
    self.assertFalse(found[1].tf2.trainable)

  def test_a_probable_pair_is_one_difference(self):
    ours = fakes.make_variable("net/fc/weights", fill=0.5)
    theirs = fakes.make_variable("net/fc/kernel", fill=0.5)
    (found,) = _found([ours], [theirs])
    self.assertEqual(found.status, "renamed")
    self.assertEqual(found.tf2.name, "net/fc/kernel")
    self.assertNotEmpty(found.reason)

  def test_properties(self):
    for status, change in (
      ("shape", {"shape": (3, 4)}),
      ("dtype", {"dtype": "float64"}),
      ("trainable", {"trainable": False}),
    ):
      theirs = fakes.make_variable(**change)
      (found,) = _found([fakes.make_variable()], [theirs])
      self.assertEqual(found.status, status)


if __name__ == "__main__":
  absltest.main()
