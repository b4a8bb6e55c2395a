from __future__ import annotations

import warnings

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf
import tensorflow.compat.v1 as tf1

from parity import errors
from parity.tf import randomness
from parity.tf.compat import execution
from parity.tf.compat import keras as compat_keras

# The guide's printed numbers, three uniform tensors of these shapes, times 3.
_SHAPES = ((3, 1), (3, 3), (3, 3))
_FIRST = [2.5063772, 2.7488918, 1.4839486]
_SECOND = [0.45038545, 1.9197761, 2.4536333]
_THIRD = [2.9634383, 1.0862181, 2.6042497]

_MODES = ("constant", "num_random_ops")


def _tool(mode="num_random_ops", **kwargs):
  return randomness.DeterministicRandomTestTool(mode=mode, **kwargs)


def _guide_in_session(tool):
  with tool.scope(), tf1.Graph().as_default(), tf1.Session() as session:
    return session.run([tf1.random.uniform(s) * 3 for s in _SHAPES])


def _guide_in_eager(tool):
  with execution.eager_mode(), tool.scope():
    return [(tf.random.uniform(s) * 3).numpy() for s in _SHAPES]


class GuidesNumbersTest(parameterized.TestCase):
  @parameterized.parameters(_guide_in_session, _guide_in_eager)
  def test_constant_mode_gives_the_guides_numbers(self, run):
    first, second, third = run(_tool("constant"))
    np.testing.assert_allclose(first.ravel(), _FIRST, rtol=1e-7)
    np.testing.assert_allclose(second.ravel()[:3], _FIRST, rtol=1e-7)
    np.testing.assert_array_equal(second, third)

  @parameterized.parameters(_guide_in_session, _guide_in_eager)
  def test_num_random_ops_mode_gives_the_guides_numbers(self, run):
    first, second, third = run(_tool())
    np.testing.assert_allclose(first.ravel(), _FIRST, rtol=1e-7)
    np.testing.assert_allclose(second.ravel()[:3], _SECOND, rtol=1e-7)
    np.testing.assert_allclose(third.ravel()[:3], _THIRD, rtol=1e-7)

  def test_program_order_counts(self):
    with execution.eager_mode(), _tool().scope():
      a = tf.random.uniform([3])
      tf.random.uniform([3])
    with execution.eager_mode(), _tool().scope():
      tf.random.uniform([3])
      b = tf.random.uniform([3])
    self.assertFalse(np.allclose(a.numpy(), b.numpy()))


class OperationSeedTest(absltest.TestCase):
  def test_counts_the_random_ops(self):
    tool = _tool()
    seen = []
    with execution.eager_mode(), tool.scope():
      for _ in range(3):
        seen.append(tool.operation_seed)
        tf.random.uniform([1])
    self.assertEqual(seen, [0, 1, 2])

  def test_can_be_set(self):
    tool = _tool()
    with execution.eager_mode(), tool.scope():
      tool.operation_seed = 1
      second = tf.random.uniform([3, 3]) * 3
    np.testing.assert_allclose(second.numpy().ravel()[:3], _SECOND, rtol=1e-7)

  def test_a_used_seed_again_raises(self):
    tool = _tool()
    with execution.eager_mode():
      with self.assertRaisesRegex(
        ValueError, "trying to re-use the already-used operation seed 0"
      ):
        with tool.scope():
          tf.random.uniform([1])
          tool.operation_seed = 0
          tf.random.uniform([1])

  def test_an_unknown_mode_raises(self):
    with self.assertRaisesRegex(ValueError, "Mode arg must be 'constant' or"):
      _tool("random")

  def test_get_seed_is_restored(self):
    from tensorflow.python.framework import random_seed

    before = random_seed.get_seed
    with execution.eager_mode():
      with self.assertRaises(KeyError):
        with _tool().scope():
          raise KeyError
    self.assertIs(random_seed.get_seed, before)

  def test_a_seed_of_zero_is_deterministic_too(self):
    values = []
    for _ in range(2):
      with execution.eager_mode(), _tool("constant", seed=0).scope():
        values.append(tf.random.uniform([3]).numpy())
    np.testing.assert_array_equal(*values)


class ObservedTest(absltest.TestCase):
  def test_names_ops_in_a_graph_with_the_variables_they_initialise(self):
    tool = _tool()
    with tool.scope(), tf1.Graph().as_default() as graph:
      with tf1.variable_scope("net"):
        tf1.get_variable("w", [2, 3])
        x = tf1.nn.dropout(tf1.ones([4]), rate=0.5)
        tf1.Variable(tf1.random.normal([5]), name="v")
    del x
    for found in (tool.observed, randomness.random_ops_of_graph(graph)):
      self.assertEqual(
        [(r.index, r.op_type, r.shape, r.dtype, r.op_seed) for r in found],
        [
          (0, "RandomUniform", (2, 3), "float32", 0),
          (1, "RandomUniform", (4,), "float32", 1),
          (2, "RandomStandardNormal", (5,), "float32", 2),
        ],
      )
      self.assertEqual([r.variable for r in found], ["net/w", None, "net/v"])
      self.assertIn("dropout", found[1].name)
      self.assertRegex(found[1].source, r"randomness_test\.py:\d+$")

  def test_names_eager_ops_with_the_variables_they_initialise(self):
    if not execution.can_watch_ops():
      self.skipTest("this TensorFlow does not tell of eager ops (before 2.1)")
    tool = _tool()
    with execution.eager_mode(), tool.scope():
      tf.Variable(lambda: tf.random.normal([2, 3]), name="lazy")
      tf.nn.dropout(tf.ones([4]), rate=0.5)
      tf.Variable(tf.random.normal([5]) * 2.0 + 1.0, name="ready")
    self.assertEqual(
      [(r.op_type, r.shape, r.op_seed, r.variable) for r in tool.observed],
      [
        ("RandomStandardNormal", (2, 3), 0, "lazy"),
        ("RandomUniform", (4,), 1, None),
        ("RandomStandardNormal", (5,), 2, "ready"),
      ],
    )
    self.assertRegex(tool.observed[1].source, r"randomness_test\.py:\d+$")

  def test_names_ops_inside_a_function(self):
    if not execution.can_watch_ops():
      self.skipTest("this TensorFlow does not tell of ops (before 2.1)")
    tool = _tool()

    @tf.function
    def function(x):
      return tf.nn.dropout(x, rate=0.5)

    with execution.eager_mode(), tool.scope():
      function(tf.ones([4]))
      function(tf.ones([4]))
    self.assertLen(tool.observed, 1)
    self.assertEqual(tool.observed[0].op_type, "RandomUniform")
    self.assertIn("dropout", tool.observed[0].name)

  def test_eager_ops_of_old_tensorflow_are_unknown_but_in_order(self):
    if execution.can_watch_ops():
      self.skipTest("this TensorFlow tells of eager ops (since 2.1)")
    tool = _tool()
    with execution.eager_mode(), tool.scope():
      tf.random.uniform([2])
    self.assertEqual(
      [(r.op_type, r.op_seed) for r in tool.observed], [("unknown", 0)]
    )


class KerasTwoTest(absltest.TestCase):
  """FACTS: initialisers of Keras 2.10 and later left the stateful ops."""

  def _reference(self, inputs):
    with _tool().scope(), tf1.Graph().as_default(), tf1.Session() as session:
      x = tf1.constant(inputs)
      x = tf1.layers.dense(x, 12, activation=tf1.nn.relu)
      x = tf1.layers.dropout(x, 0.3, training=True)
      x = tf1.layers.dense(x, 4)
      session.run(tf1.global_variables_initializer())
      return session.run([tf1.global_variables(), x])

  def test_keras_layers_draw_what_tf_layers_draw(self):
    keras = compat_keras.keras2()
    if keras is None:
      self.skipTest("this process has no Keras 2")
    inputs = np.random.RandomState(0).normal(size=(5, 7)).astype(np.float32)
    weights, expected = self._reference(inputs)
    # Layers made before the scope align as well.
    layers = [
      keras.layers.Dense(12, activation="relu"),
      keras.layers.Dropout(0.3),
      keras.layers.Dense(4),
    ]
    tool = _tool(on_escape="raise")
    with execution.eager_mode(), tool.scope():
      x = tf.constant(inputs)
      for layer in layers:
        x = layer(x, training=True) if layer is layers[1] else layer(x)
      own = [w.numpy() for layer in layers for w in layer.weights]
    self.assertLen(own, 4)
    for one, other in zip(own, weights):
      np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(x.numpy(), expected, rtol=1e-6, atol=1e-6)
    self.assertEqual(tool.escaped, ())

  def test_the_generators_are_restored(self):
    keras = compat_keras.keras2()
    if keras is None:
      self.skipTest("this process has no Keras 2")
    if not hasattr(keras.initializers, "GlorotUniform"):
      self.skipTest("this Keras has no generators (before 2.0)")
    initializer = keras.initializers.GlorotUniform(seed=3)
    with execution.eager_mode():
      before = initializer([2, 2]).numpy()
      fresh = keras.initializers.GlorotUniform(seed=3)
      with _tool().scope():
        aligned = fresh([2, 2]).numpy()
      after = fresh([2, 2]).numpy()
    self.assertFalse(np.allclose(before, aligned))
    np.testing.assert_array_equal(before, after)


class EscapedTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    if not execution.can_watch_ops():
      self.skipTest("this TensorFlow does not tell of ops (before 2.1)")

  def _escaped(self, body):
    tool = _tool(on_escape="ignore")
    with execution.eager_mode(), tool.scope():
      body()
    return [r.op_type for r in tool.escaped]

  def test_a_generators_ops_escape(self):
    for decorate in (lambda f: f, tf.function):
      found = self._escaped(decorate(_generator_body()))
      self.assertEqual(
        [op_type.replace("V2", "") for op_type in found],
        ["StatelessRandomNormal"],
      )

  def test_a_stateless_op_with_the_users_own_seed_does_not_escape(self):
    def body():
      return tf.random.stateless_uniform([2], seed=[1, 2])

    self.assertEqual(self._escaped(body), [])
    self.assertEqual(self._escaped(tf.function(body)), [])

  def test_a_stateless_op_with_a_drawn_seed_escapes_in_a_function_too(self):
    with execution.eager_mode():
      variable = tf.Variable([1, 2])

    def body():
      return tf.random.stateless_uniform([2], seed=variable + 1)

    for run in (body, tf.function(body)):
      found = self._escaped(run)
      self.assertLen(found, 1)
      self.assertStartsWith(found[0], "StatelessRandomUniform")

  def test_stateful_ops_do_not_escape(self):
    self.assertEqual(self._escaped(lambda: _noise(tf.ones([2]))), [])

  def test_keras_3_escapes_and_is_named_with_the_users_line(self):
    keras = compat_keras.keras3()
    if keras is None:
      self.skipTest("this environment has no Keras 3")
    layer = keras.layers.Dense(3, name="fc")
    dropout = keras.layers.Dropout(0.5)
    tool = _tool()
    with self.assertWarnsRegex(
      randomness.AlignmentWarning, r"initialises fc/kernel.*randomness_test\.py"
    ):
      with tool.scope():
        dropout(layer(np.ones([2, 4], np.float32)), training=True)
    self.assertGreaterEqual(len(tool.escaped), 2)
    self.assertEqual(tool.escaped[0].variable, "fc/kernel")
    for record in tool.escaped:
      self.assertRegex(record.source, r"randomness_test\.py:\d+$")
    with self.assertRaisesRegex(errors.AlignmentError, "escaped"):
      with _tool(on_escape="raise").scope():
        dropout(np.ones([2, 4], np.float32), training=True)

  def test_nothing_escaped_means_no_warning(self):
    with warnings.catch_warnings():
      warnings.simplefilter("error", randomness.AlignmentWarning)
      with execution.eager_mode(), _tool().scope():
        _noise(tf.ones([2]))


def _generator_body():
  kept = []

  def body():
    if not kept:
      kept.append(tf.random.Generator.from_seed(1))
    return kept[0].normal([2])

  return body


def _drop(x):
  return tf1.nn.dropout(x, rate=0.5)


def _noise(x):
  return x + tf1.random.normal(x.shape)


if __name__ == "__main__":
  absltest.main()
