"""Tests of parity.compare.orders."""

from __future__ import annotations

import doctest

from absl.testing import absltest

from parity.compare import orders
from parity.records import recording


def _variables(*named):
  return [
    recording.VariableRecord(
      name=name, tf1_name=name, shape=shape, dtype="float32", trainable=True
    )
    for name, shape in named
  ]


def _all(left, right):
  return {(i, j) for i in range(len(left)) for j in range(len(right))}


class BetweenNeighboursTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    # The stem's norm shares fewer words with its own partner than with others.
    self.tf1 = _variables(
      ("net/conv1/weights", (7, 7)),
      ("net/conv1/BatchNorm/beta", (4,)),
      ("net/unit/conv1/weights", (3, 3)),
      ("net/unit/conv1/BatchNorm/beta", (4,)),
    )
    self.port = _variables(
      ("net/stem/conv/kernel", (7, 7)),
      ("net/stem/bn/beta", (4,)),
      ("net/b0/conv1/conv/kernel", (3, 3)),
      ("net/b0/conv1/bn/beta", (4,)),
    )

  def test_a_norm_follows_its_convolution(self):
    rated = _all(self.tf1, self.port)
    self.assertEqual(
      orders.in_order(
        self.tf1, self.port, proved=[(0, 0), (2, 2)], rated=rated
      ),
      {},
    )
    self.assertEqual(
      orders.between_neighbours(
        self.tf1, self.port, paired=[(0, 0), (2, 2)], rated=rated
      ),
      {(1, 1): 1, (3, 3): 1},
    )

  def test_nothing_is_found_without_neighbours(self):
    found = orders.between_neighbours(
      self.tf1, self.port, paired=[], rated=_all(self.tf1, self.port)
    )
    self.assertEqual(found, {})

  def test_one_more_on_a_side_is_not_paired(self):
    port = [*self.port, *_variables(("net/b0/bn2/beta", (4,)))]
    found = orders.between_neighbours(
      self.tf1, port, paired=[(0, 0), (2, 2)], rated=_all(self.tf1, port)
    )
    self.assertEqual(found, {(1, 1): 1})

  def test_names_that_say_another_order_are_believed(self):
    tf1 = _variables(("a/w", (3,)), ("enc/b", (4,)), ("dec/b", (4,)))
    port = _variables(("a/w", (3,)), ("my/dec/b", (4,)), ("my/enc/b", (4,)))
    found = orders.between_neighbours(
      tf1, port, paired=[(0, 0)], rated=_all(tf1, port)
    )
    self.assertEqual(found, {})

  def test_what_was_not_rated_is_not_paired(self):
    found = orders.between_neighbours(
      self.tf1, self.port, paired=[(0, 0), (2, 2)], rated={(1, 1)}
    )
    self.assertEqual(found, {(1, 1): 1})

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(orders).failed, 0)


if __name__ == "__main__":
  absltest.main()
