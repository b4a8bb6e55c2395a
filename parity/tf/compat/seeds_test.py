from __future__ import annotations

from absl.testing import absltest
import numpy as np
import tensorflow.compat.v1 as tf1

from parity.tf.compat import execution
from parity.tf.compat import seeds


class SeedsReplacedTest(absltest.TestCase):
  def test_random_ops_carry_the_seeds_given(self):
    asked = []

    def get_seed(op_seed):
      asked.append(op_seed)
      return 5, 6

    with tf1.Graph().as_default() as graph:
      with seeds.seeds_replaced(get_seed):
        tf1.random.uniform([1], seed=9)
      tf1.random.uniform([1], seed=9)
    carried = [
      op.get_attr("seed2")
      for op in graph.get_operations()
      if op.type == "RandomUniform"
    ]
    self.assertEqual(asked, [9])
    self.assertEqual(carried, [6, 9])

  def test_a_pair_of_zeros_is_made_usable(self):
    self.assertNotEqual(seeds.usable(0, 0), (0, 0))
    self.assertEqual(seeds.usable(0, 1), (0, 1))
    self.assertEqual(seeds.usable(42, 0), (42, 0))


class StreamsTest(absltest.TestCase):
  def test_set_seed_starts_eager_streams_over(self):
    with execution.eager_mode():
      seeds.set_seed(3)
      before = seeds.streams()
      first = tf1.random.uniform([3], seed=1).numpy()
      self.assertIs(seeds.streams(), before)
      self.assertFalse(
        np.array_equal(tf1.random.uniform([3], seed=1).numpy(), first)
      )
      seeds.set_seed(3)
      self.assertIsNot(seeds.streams(), before)
      np.testing.assert_array_equal(
        tf1.random.uniform([3], seed=1).numpy(), first
      )

  def test_set_seed_in_a_graph_leaves_eager_streams_alone(self):
    before = seeds.streams()
    with tf1.Graph().as_default() as graph:
      seeds.set_seed(3)
    self.assertEqual(graph.seed, 3)
    self.assertIs(seeds.streams(), before)


if __name__ == "__main__":
  absltest.main()
