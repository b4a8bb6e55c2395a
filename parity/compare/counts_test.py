"""Tests of counts: what a factor equals, and what it must not be called."""

from __future__ import annotations

import doctest

from absl.testing import absltest
import numpy as np

from parity.compare import counts


def _mask() -> np.ndarray:
  """11 of 18 elements are not zero."""
  mask = np.zeros((3, 6), np.float32)
  mask[0] = 1.0
  mask[1, :5] = 1.0
  return mask


class NameOfTest(absltest.TestCase):
  def test_examples_hold(self) -> None:
    self.assertEqual(doctest.testmod(counts).failed, 0)

  def test_the_batch_size_is_named(self) -> None:
    inputs = {"x": np.ones((7, 3), np.float32), "y": np.ones(7, np.int32)}
    self.assertEqual(counts.name_of(7.0, inputs), "7 (7, the batch size)")
    self.assertIn("1 / 7, the batch size", counts.name_of(1 / 7, inputs))

  def test_two_batches_are_none(self) -> None:
    inputs = {"x": np.ones((7, 3)), "y": np.ones((5, 3))}
    self.assertNotIn("the batch size", counts.name_of(7.0, inputs))
    self.assertIn("the size of axis 0 of x", counts.name_of(7.0, inputs))

  def test_the_number_of_nonzero_weights_is_named(self) -> None:
    self.assertIn(
      "the number of nonzero elements of mask",
      counts.name_of(11.0, {"mask": _mask()}),
    )

  def test_the_share_of_nonzero_weights_is_named(self) -> None:
    self.assertIn(
      "11 nonzero of 18 elements of mask",
      counts.name_of(11 / 18, {"mask": _mask()}),
    )
    self.assertIn(
      "the inverse of 11 nonzero", counts.name_of(18 / 11, {"mask": _mask()})
    )

  def test_the_number_of_elements_is_named(self) -> None:
    self.assertEqual(
      counts.name_of(1 / 18, {"mask": _mask()}),
      f"{1 / 18:.6g} (1 / 18, the number of elements of mask)",
    )

  def test_the_number_of_elements_of_an_output_is_named(self) -> None:
    self.assertIn(
      "35, the number of elements of scores",
      counts.name_of(35.0, {"x": np.ones((7, 3))}, {"scores": 35}),
    )

  def test_nonzero_weights_against_the_batch_are_named(self) -> None:
    self.assertIn(
      "11 / 3: the number of nonzero elements of mask / the batch size",
      counts.name_of(11 / 3, {"mask": _mask()}),
    )

  def test_a_single_weight_that_is_not_zero_is_one_too(self) -> None:
    for nonzero, may in ((0, False), (1, True), (4, True), (5, False)):
      weights = np.float32([0.5] * nonzero + [0.0] * (5 - nonzero))
      self.assertEqual(counts.may_be_weights(weights), may, nonzero)

  def test_padded_ids_are_counted(self) -> None:
    ids = np.array([[4, 7, 0, 0, 0], [3, 9, 2, 6, 0]], np.int32)
    self.assertIn(
      "the number of elements of ids that are not 0",
      counts.name_of(6.0, {"ids": ids}),
    )
    self.assertIn("6 nonzero of 10", counts.name_of(0.6, {"ids": ids}))

  def test_numbers_that_coincide_are_both_named(self) -> None:
    mask = np.zeros((4, 3), np.float32)
    mask[0] = mask[1, 0] = 1.0
    self.assertEqual(
      counts.name_of(4.0, {"mask": mask}),
      "4 (4, the batch size or the number of nonzero elements of mask)",
    )

  def test_labels_are_no_weights_although_some_are_zero(self) -> None:
    labels = np.array([0, 2, 3, 1, 0, 4, 2], np.int32)
    self.assertNotIn("nonzero", counts.name_of(5.0, {"labels": labels}))
    self.assertNotIn("nonzero", counts.name_of(5 / 7, {"labels": labels}))
    self.assertNotIn("not 0", counts.name_of(5.0, {"labels": labels}))

  def test_a_whole_number_that_nothing_equals_may_count_replicas(self) -> None:
    inputs = {"x": np.ones((7, 3), np.float32)}
    for factor, text in ((2.0, "2 (2; no count"), (0.125, "0.125 (1 / 8; no")):
      found = counts.name_of(factor, inputs)
      self.assertIn(text, found)
      self.assertIn("a number of replicas", found)

  def test_what_the_inputs_count_is_no_number_of_replicas(self) -> None:
    inputs = {"x": np.ones((2, 3), np.float32)}
    self.assertNotIn("replicas", counts.name_of(2.0, inputs))
    self.assertNotIn("replicas", counts.name_of(1 / 3, inputs))

  def test_a_sign_and_any_other_number_are_no_count(self) -> None:
    inputs = {"x": np.ones((7, 3), np.float32)}
    self.assertEqual(counts.name_of(-1.0, inputs), "-1")
    self.assertEqual(counts.name_of(0.7391, inputs), "0.7391")


if __name__ == "__main__":
  absltest.main()
