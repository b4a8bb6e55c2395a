"""Tests of entries: what TensorFlow names below a variable, and what not."""

from __future__ import annotations

import doctest

from absl.testing import absltest

from parity.compare import entries
from parity.records import checkpoint as checkpoint_lib
from parity.records import recording as recording_lib


def _kinds(shapes, order=()):
  contents = checkpoint_lib.Contents(
    "model.ckpt",
    tuple(
      recording_lib.CheckpointEntry(name, shape, "float32")
      for name, shape in sorted(shapes.items())
    ),
    tuple(order),
  )
  listing = entries.list_entries(contents)
  return {each.name: each for each in listing.entries}, listing


class ListEntriesTest(absltest.TestCase):
  def test_slots_go_by_the_name_of_their_variable_with_a_scope_or_without(self):
    found, _ = _kinds({
      "net/w": (2, 3),
      "net/w/Momentum": (2, 3),
      "train/net/w/Adam_1": (2, 3),
    })  # fmt: skip
    self.assertEqual(found["net/w"].kind, "weight")
    self.assertEqual(found["net/w/Momentum"].kind, "slot")
    self.assertEqual(found["train/net/w/Adam_1"].owner, "net/w")
    self.assertEqual(found["train/net/w/Adam_1"].part, "Adam_1")

  def test_moving_averages_are_told_from_slots(self):
    found, _ = _kinds({"w": (2,), "w/ExponentialMovingAverage": (2,)})
    self.assertEqual(found["w/ExponentialMovingAverage"].kind, "average")

  def test_a_weight_below_another_of_other_shape_stays_a_weight(self):
    found, _ = _kinds({"embedding": (9, 4), "embedding/kernel": (4, 4)})
    self.assertEqual(found["embedding/kernel"].kind, "weight")

  def test_counters_go_by_name_and_moving_statistics_are_weights(self):
    found, listing = _kinds({
      "global_step": (),
      "opt/beta1_power": (),
      "bn/moving_mean": (3,),
    })  # fmt: skip
    self.assertEqual(found["global_step"].kind, "counter")
    self.assertEqual(found["opt/beta1_power"].kind, "counter")
    self.assertEqual(found["bn/moving_mean"].kind, "weight")
    self.assertLen(listing.of_kind("counter"), 2)

  def test_the_order_is_that_of_the_graph_where_it_is_known(self):
    shapes = {"b": (), "a": (), "c": ()}
    _, listing = _kinds(shapes, order=["c", "x", "b", "a"])
    self.assertTrue(listing.is_order_known)
    self.assertEqual([e.name for e in listing.entries], ["c", "b", "a"])

  def test_else_names_are_sorted_with_their_numbers(self):
    shapes = {"l_10/w": (1,), "l_2/w": (1,), "a": (1,)}
    _, listing = _kinds(shapes, order=["a"])
    self.assertFalse(listing.is_order_known)
    self.assertEqual(
      [e.name for e in listing.entries], ["a", "l_2/w", "l_10/w"]
    )

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(entries).failed, 0)


class WeightsOfTest(absltest.TestCase):
  def test_entries_are_variables_that_train(self):
    _, listing = _kinds({"net/w": (2, 3)})
    (found,) = entries.weights_of(listing.entries)
    self.assertEqual((found.name, found.tf1_name), ("net/w", "net/w"))
    self.assertEqual((found.shape, found.dtype), ((2, 3), "float32"))
    self.assertTrue(found.trainable)


if __name__ == "__main__":
  absltest.main()
