from __future__ import annotations

import doctest
import time

from absl.testing import absltest
import numpy as np

from parity.compare import pairings
from parity.records import recording


def _variable(name, shape=(2, 3), **kwargs):
  kwargs.setdefault("dtype", "float32")
  kwargs.setdefault("trainable", True)
  return recording.VariableRecord(
    name=name, tf1_name=name, shape=shape, **kwargs
  )


def _pairs(missing, candidates):
  found = pairings.probable_pairs(missing, candidates)
  return {pair.tf1.name: pair.tf2.name for pair in found}


class ProbablePairsTest(absltest.TestCase):
  def test_a_prefix_that_the_port_left_out_is_certain(self):
    (pair,) = pairings.probable_pairs(
      [_variable("net/fc/kernel")], [_variable("fc/kernel")]
    )
    self.assertEqual(pair.certainty, "certain")
    self.assertIn("one name ends in the other", pair.reason)

  def test_synonyms_of_the_last_part_are_certain(self):
    (pair,) = pairings.probable_pairs(
      [_variable("Net/weights")], [_variable("net/kernel")]
    )
    self.assertEqual(pair.certainty, "certain")

  def test_equal_initial_values_outweigh_names(self):
    value = np.random.RandomState(0).normal(size=(2, 3))
    other = np.random.RandomState(1).normal(size=(2, 3))
    missing = [_variable("a/kernel", initial=value)]
    candidates = [
      _variable("a/kernel_2", initial=other),
      _variable("unlike", initial=value.copy()),
    ]
    (pair,) = pairings.probable_pairs(missing, candidates)
    self.assertEqual(pair.tf2.name, "unlike")
    self.assertEqual(pair.certainty, "certain")
    self.assertIn("same initial value", pair.reason)

  def test_equal_constant_values_prove_nothing(self):
    zeros = np.zeros((2, 3))
    (pair,) = pairings.probable_pairs(
      [_variable("x", initial=zeros)], [_variable("q", initial=zeros)]
    )
    self.assertNotIn("value", pair.reason)
    self.assertEqual(pair.certainty, "likely")

  def test_a_transposed_shape_is_a_candidate(self):
    (pair,) = pairings.probable_pairs(
      [_variable("fc/kernel", (2, 3))], [_variable("dense/kernel", (3, 2))]
    )
    self.assertTrue(pair.is_transposed)
    self.assertIn("once transposed", pair.reason)
    self.assertEqual(pair.certainty, "possible")

  def test_another_shape_is_none(self):
    self.assertEqual(
      _pairs([_variable("a/kernel", (2, 3))], [_variable("b/kernel", (2, 4))]),
      {},
    )

  def test_the_same_shape_is_preferred_to_a_transposed_one(self):
    candidates = [_variable("layer/u", (3, 2)), _variable("layer/v", (2, 3))]
    self.assertEqual(
      _pairs([_variable("layer/w", (2, 3))], candidates),
      {"layer/w": "layer/v"},
    )

  def test_each_variable_is_used_once(self):
    missing = [_variable("a/w"), _variable("b/w")]
    self.assertLen(_pairs(missing, [_variable("c/w")]), 1)
    self.assertLen(_pairs(missing, [_variable("c/w"), _variable("d/w")]), 2)

  def test_creation_order_decides_between_alike_names(self):
    missing = [_variable(f"tower/layer{letter}") for letter in "abc"]
    candidates = [_variable(f"block/part{letter}") for letter in "xyz"]
    self.assertEqual(
      list(_pairs(missing, candidates).values()),
      ["block/partx", "block/party", "block/partz"],
    )

  def test_a_stack_of_equal_layers_is_paired_in_order(self):
    missing = [
      _variable(f"net/fc{i}/{kind}", shape)
      for i in (1, 2, 3)
      for kind, shape in (("weights", (4, 4)), ("biases", (4,)))
    ]
    candidates = [
      _variable(f"{layer}/{kind}", shape)
      for layer in ("dense", "dense_1", "dense_2")
      for kind, shape in (("kernel", (4, 4)), ("bias", (4,)))
    ]
    found = pairings.probable_pairs(missing, candidates)
    self.assertEqual(
      [pair.tf2.name for pair in found], [each.name for each in candidates]
    )
    self.assertEqual({pair.certainty for pair in found}, {"likely"})
    self.assertIn("the same place among the 3 left", found[0].reason)
    found = pairings.probable_pairs(missing, candidates, is_order_known=False)
    self.assertEqual({pair.certainty for pair in found}, {"possible"})

  def test_a_stack_behind_what_one_side_has_besides_is_paired_in_order(self):
    stack = [_variable(f"net/fc{i}/weights", (4, 4)) for i in (1, 2, 3)]
    layers = ("dense", "dense_1", "dense_2")
    port = [_variable(f"{name}/kernel", (4, 4)) for name in layers]
    head = [_variable("head/q", (9,)), _variable("tail/z", (7, 5))]
    wanted = dict(zip([v.name for v in stack], [v.name for v in port]))
    self.assertEqual(_pairs([*head, *stack], port), wanted)
    self.assertEqual(_pairs(stack, [*head, *port]), wanted)

  def test_the_same_name_outweighs_the_same_shape(self):
    for name, other in (("a/w", "a/v"), ("net/q", "r")):
      port = [_variable(name, (3, 2)), _variable(other, (2, 3))]
      self.assertEqual(_pairs([_variable(name, (2, 3))], port), {name: name})

  def test_of_two_alike_the_one_of_the_same_dtype_and_flag_is_taken(self):
    for other in ({"dtype": "float16"}, {"trainable": False}):
      port = [_variable("b/u", **other), _variable("b/v")]
      self.assertEqual(_pairs([_variable("a/w")], port), {"a/w": "b/v"})
      self.assertEqual(
        _pairs([_variable("a/w", **other)], port), {"a/w": "b/u"}
      )

  def test_names_that_say_another_order_are_believed(self):
    self.assertEqual(
      _pairs(
        [_variable("net/encoder/w"), _variable("net/decoder/w")],
        [_variable("port/my_decoder/w"), _variable("port/my_encoder/w")],
      )["net/encoder/w"],
      "port/my_encoder/w",
    )
    self.assertEqual(
      _pairs(
        [_variable("query/w"), _variable("output/w")],
        [_variable("my_output/kernel"), _variable("my_query/kernel")],
      ),
      {"query/w": "my_query/kernel", "output/w": "my_output/kernel"},
    )

  def test_one_that_moved_to_another_scope_is_certain(self):
    (pair,) = pairings.probable_pairs(
      [_variable("net/bn/gamma")], [_variable("port/bn/gamma")]
    )
    self.assertEqual(pair.certainty, "certain")
    (pair,) = pairings.probable_pairs(
      [_variable("a/gamma")], [_variable("b/gamma")]
    )
    self.assertEqual(pair.certainty, "likely")

  def test_a_stack_with_one_more_layer_is_not_paired_in_order(self):
    found = pairings.probable_pairs(
      [_variable(f"net/fc{i}/w") for i in (1, 2)],
      [_variable(f"{n}/kernel") for n in ("dense", "dense_1", "dense_2")],
    )
    self.assertEqual({pair.certainty for pair in found}, {"possible"})

  def test_a_kernel_that_was_turned_keeps_its_name(self):
    (pair,) = pairings.probable_pairs(
      [_variable("net/fc/weights", (2, 3))], [_variable("fc/kernel", (3, 2))]
    )
    self.assertTrue(pair.is_transposed)
    self.assertEqual(pair.certainty, "likely")

  def test_rivals_of_equal_strength_are_only_possible(self):
    found = pairings.probable_pairs(
      [_variable("w")], [_variable("q"), _variable("r")]
    )
    self.assertEqual([pair.certainty for pair in found], ["possible"])

  def test_other_flags_are_said(self):
    (pair,) = pairings.probable_pairs(
      [_variable("net/a")], [_variable("a", trainable=False, dtype="float16")]
    )
    self.assertIn("other dtype", pair.reason)
    self.assertIn("other trainable flag", pair.reason)

  def test_a_thousand_renamed_variables_take_seconds_at_most(self):
    kinds = ("weights", "beta", "gamma", "moving_mean")
    missing = [
      _variable(f"Net/block_{i}/conv/{kind}", (32,))
      for i in range(280)
      for kind in kinds
    ]
    candidates = [
      _variable(each.name.lower().replace("net/", "model/"), (32,))
      for each in missing
    ]
    start = time.process_time()
    found = _pairs(missing, candidates)
    self.assertLess(time.process_time() - start, 30)
    right = sum(
      partner == name.lower().replace("net/", "model/")
      for name, partner in found.items()
    )
    self.assertGreater(right, 1100)

  def test_nothing_to_pair(self):
    self.assertEqual(pairings.probable_pairs([], [_variable("a")]), ())
    self.assertEqual(pairings.probable_pairs([_variable("a")], []), ())

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(pairings).failed, 0)


if __name__ == "__main__":
  absltest.main()
