from __future__ import annotations

from absl.testing import absltest
import numpy as np
import tensorflow as tf
import tensorflow.compat.v1 as tf1

from parity.tf.compat import execution
from parity.tf.compat import seeds


class ModeTest(absltest.TestCase):
  def test_eager_mode_and_graphs_are_told_apart(self):
    with execution.eager_mode():
      self.assertTrue(execution.is_eager())
      with tf1.Graph().as_default() as graph:
        self.assertFalse(execution.is_eager())
        self.assertIs(execution.default_graph(), graph)

  def test_a_functions_graph_is_told_from_a_sessions(self):
    found = []

    @tf.function
    def function(x):
      graph = execution.default_graph()
      found.append(execution.is_function_graph(graph))
      found.append(execution.outer_graph(graph) is not None)
      return x

    with execution.eager_mode():
      function(tf.constant(1.0))
    self.assertEqual(found, [True, True])
    self.assertFalse(execution.is_function_graph(tf1.Graph()))


class OpsWatchedTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    if not execution.can_watch_ops():
      self.skipTest("this TensorFlow does not tell of ops (before 2.1)")

  def test_tells_of_eager_ops_and_of_ops_put_into_a_function(self):
    events = []
    function = tf.function(tf.nn.relu)
    with execution.eager_mode():
      x = tf.constant([1.0, -1.0])
      with execution.ops_watched(events.append):
        tf.nn.softmax(x)
        function(x)
      tf.nn.softmax(x)
    kinds = [(e.op_type, e.graph is None) for e in events]
    self.assertEqual(kinds.count(("Softmax", True)), 1)
    self.assertIn(("Relu", False), kinds)
    softmax = events[[e.op_type for e in events].index("Softmax")]
    self.assertIs(softmax.inputs[0], x)

  def test_only_what_is_chosen_is_told_of(self):
    events = []
    with execution.eager_mode(), execution.ops_watched(
      events.append, chosen=lambda op_type, _: op_type == "Relu"
    ):
      tf.nn.softmax(tf.nn.relu(tf.constant([1.0])))
    self.assertEqual([e.op_type for e in events], ["Relu"])

  def test_ops_of_the_watcher_are_not_told_of(self):
    told = []

    def watcher(event):
      told.append(event.op_type)
      tf.nn.relu(tf.constant(1.0))

    with execution.eager_mode(), execution.ops_watched(watcher):
      tf.nn.softmax(tf.constant([1.0]))
    self.assertEqual(told, ["Softmax"])

  def test_watching_nests_and_ends_after_an_error(self):
    outer, inner = [], []
    with execution.eager_mode(), execution.ops_watched(outer.append):
      with self.assertRaises(KeyError):
        with execution.ops_watched(inner.append):
          raise KeyError
      tf.nn.softmax(tf.constant([1.0]))
    self.assertEqual([e.op_type for e in outer], ["Softmax"])
    self.assertEqual(inner, [])

  def test_running_a_random_op_again_takes_the_next_numbers(self):
    events = []
    with execution.eager_mode():
      seeds.set_seed(1)
      with execution.ops_watched(events.append):
        first = tf.random.uniform([3], seed=4).numpy()
      second = tf.random.uniform([3], seed=4).numpy()
      third = tf.random.uniform([3], seed=4).numpy()
      seeds.set_seed(1)
      event = events[[e.op_type for e in events].index("RandomUniform")]
      execution.run_again(event)
      execution.run_again(event)
      np.testing.assert_array_equal(
        tf.random.uniform([3], seed=4).numpy(), third
      )
    self.assertFalse(np.array_equal(first, second))


if __name__ == "__main__":
  absltest.main()
