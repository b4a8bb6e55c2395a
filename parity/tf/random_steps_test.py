from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf
import tensorflow.compat.v1 as tf1

from parity import errors
from parity.tf import randomness
from parity.tf.compat import execution
from parity.tf.compat import keras as compat_keras
from parity.tf.compat import seeds

_MODES = ("constant", "num_random_ops")


def _tool(mode="num_random_ops", **kwargs):
  return randomness.DeterministicRandomTestTool(mode=mode, **kwargs)


class KerasTwoStepsTest(parameterized.TestCase):
  """A Keras layer in each mode of the tf2 side, three steps."""

  def _reference(self, mode, inputs):
    with _tool(
      mode
    ).scope(), tf1.Graph().as_default(), tf1.Session() as session:
      x = tf1.layers.dense(tf1.constant(inputs), 12)
      for _ in range(2):
        x = tf1.layers.dropout(x, 0.3, training=True)
      session.run(tf1.global_variables_initializer())
      return [session.run(x) for _ in range(3)]

  def _port(self, keras):
    class Port(keras.layers.Layer):
      def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(12)
        self.one = keras.layers.Dropout(0.3)
        self.other = keras.layers.Dropout(0.3)

      def call(self, inputs, training=None):
        x = self.one(self.dense(inputs), training=training)
        return self.other(x, training=training)

    return Port()

  @parameterized.product(mode=_MODES, form=("eager", "function", "functional"))
  def test_every_step_agrees_with_the_graphs(self, mode, form):
    keras = compat_keras.keras2()
    if keras is None or not execution.can_watch_ops():
      self.skipTest("this process has no Keras 2 that builds functional models")
    inputs = np.random.RandomState(0).normal(size=(5, 7)).astype(np.float32)
    expected = self._reference(mode, inputs)
    tool = _tool(mode, on_escape="raise")
    with tool.scope():
      port = self._port(keras)
      if form == "functional":
        symbolic = keras.Input([7], batch_size=5)
        port = keras.Model(symbolic, port(symbolic, training=True))

      def call(x):
        return port(x, training=True)

      run = tf.function(call) if form == "function" else call
      for step in range(3):
        tool.begin_step()
        np.testing.assert_allclose(
          run(tf.constant(inputs)).numpy(), expected[step], atol=1e-6
        )
    self.assertEqual(
      [r.op_seed for r in tool.observed],
      [0, 0, 0] if mode == "constant" else [0, 1, 2],
    )
    self.assertEndsWith(tool.observed[0].variable, "kernel")


class StepsTest(parameterized.TestCase):
  """Three session.runs of a graph against three calls."""

  def _reference(self, mode):
    with _tool(mode).scope(), tf1.Graph().as_default():
      with tf1.Session() as session:
        outputs = self._forward(tf1.ones([6]))
        session.run(tf1.global_variables_initializer())
        return [session.run(outputs) for _ in range(3)]

  def _forward(self, x):
    with tf1.variable_scope("net", reuse=tf1.AUTO_REUSE):
      w = tf1.get_variable("w", [6], use_resource=True)
    return _drop(x * w), _noise(x)

  def _eager_forward(self, kept, x):
    if not kept:
      kept.append(tf.Variable(self._initial, name="w"))
    return _drop(x * kept[0]), _noise(x)

  def _initial(self):
    return tf1.glorot_uniform_initializer()([6])

  @parameterized.parameters(*_MODES)
  def test_eager_calls_go_on_as_a_graph_does(self, mode):
    if mode == "constant" and not execution.can_watch_ops():
      self.skipTest("refused before 2.1, see the test below")
    expected = self._reference(mode)
    tool = _tool(mode)
    kept = []
    with execution.eager_mode(), tool.scope():
      for step in range(3):
        tool.begin_step()
        outputs = self._eager_forward(kept, tf.ones([6]))
        for one, other in zip(outputs, expected[step]):
          np.testing.assert_allclose(one.numpy(), other, rtol=1e-6)
    self.assertLen(tool.observed, 3)

  def test_constant_mode_is_refused_where_ops_are_not_told_of(self):
    if execution.can_watch_ops():
      self.skipTest("this TensorFlow tells of eager ops (since 2.1)")
    tool = _tool("constant")
    with execution.eager_mode(), self.assertRaisesRegex(
      errors.AlignmentError, "before 2.1"
    ):
      with tool.scope():
        for _ in range(2):
          tool.begin_step()
          _noise(tf.ones([2]))

  @parameterized.parameters(*_MODES)
  def test_a_function_goes_on_as_a_graph_does(self, mode):
    expected = self._reference(mode)
    tool = _tool(mode)
    kept = []
    function = tf.function(lambda x: self._eager_forward(kept, x))
    with execution.eager_mode(), tool.scope():
      for step in range(3):
        tool.begin_step()
        outputs = function(tf.ones([6]))
        for one, other in zip(outputs, expected[step]):
          np.testing.assert_allclose(one.numpy(), other, rtol=1e-6)
    # The function was traced twice, to find its variable and to run.
    self.assertLen(tool.observed, 3)

  @parameterized.parameters(*_MODES)
  def test_a_function_goes_on_after_restart(self, mode):
    expected = self._reference(mode)
    tool = _tool(mode)
    kept = []
    function = tf.function(lambda x: self._eager_forward(kept, x))
    with execution.eager_mode(), tool.scope():
      function(tf.ones([6]))
      tool.restart()
      for step in range(3):
        tool.begin_step()
        outputs = function(tf.ones([6]))
        for one, other in zip(outputs, expected[step]):
          np.testing.assert_allclose(one.numpy(), other, rtol=1e-6)

  @parameterized.parameters(*_MODES)
  def test_restart_gives_eager_calls_the_first_steps_numbers(self, mode):
    expected = self._reference(mode)
    tool = _tool(mode)
    kept = []
    with execution.eager_mode(), tool.scope():
      self._eager_forward(kept, tf.ones([6]))
      tool.restart()
      outputs = self._eager_forward(kept, tf.ones([6]))
    for one, other in zip(outputs, expected[0]):
      np.testing.assert_allclose(one.numpy(), other, rtol=1e-6)

  def test_a_function_traced_anew_in_a_later_step_is_refused(self):
    tool = _tool()
    function = tf.function(_noise)
    with execution.eager_mode(), self.assertRaisesRegex(
      errors.AlignmentError, r"traced anew in step 2.*random_steps_test\.py"
    ):
      with tool.scope():
        for size in (2, 3):
          tool.begin_step()
          function(tf.ones([size]))

  def test_another_random_op_in_a_later_step_is_refused_by_name(self):
    tool = _tool()
    with execution.eager_mode(), self.assertRaisesRegex(
      errors.AlignmentError, r"random_steps_test\.py:\d+.*in the first step"
    ):
      with tool.scope():
        _noise(tf.ones([2]))
        tool.begin_step()
        _drop(tf.ones([2]))

  def test_one_random_op_more_is_refused_by_name(self):
    tool = _tool()
    with execution.eager_mode(), self.assertRaisesRegex(
      errors.AlignmentError, r"random_steps_test\.py:\d+ has no partner"
    ):
      with tool.scope():
        _noise(tf.ones([2]))
        tool.begin_step()
        _noise(tf.ones([2]))
        _noise(tf.ones([2]))

  def test_one_random_op_less_is_refused_by_name(self):
    tool = _tool()
    with execution.eager_mode(), self.assertRaisesRegex(
      errors.AlignmentError, r"drew 1 .*the first step drew 2; .* at .*:\d+"
    ):
      with tool.scope():
        for count in (2, 1, 2):
          tool.begin_step()
          for _ in range(count):
            _noise(tf.ones([2]))

  def test_another_shape_is_refused_by_name(self):
    if not execution.can_watch_ops():
      self.skipTest("this TensorFlow does not tell of eager ops (before 2.1)")
    tool = _tool()
    with execution.eager_mode(), self.assertRaisesRegex(
      errors.AlignmentError, r"of shape \(3,\).*of shape \(2,\)"
    ):
      with tool.scope():
        for size in (2, 3):
          tool.begin_step()
          _noise(tf.ones([size]))

  def test_a_variable_made_in_a_later_step_is_refused(self):
    tool = _tool()
    with execution.eager_mode(), self.assertRaisesRegex(
      errors.AlignmentError, "after the first step"
    ):
      with tool.scope():
        _noise(tf.ones([2]))
        tool.begin_step()
        tf.Variable(self._initial)

  def test_streams_that_start_over_are_refused(self):
    tool = _tool()
    with execution.eager_mode(), self.assertRaisesRegex(
      errors.AlignmentError, "started over"
    ):
      with tool.scope():
        _noise(tf.ones([2]))
        seeds.set_seed(7)
        tool.begin_step()

  def test_constant_mode_with_a_function_and_eager_ops_is_refused(self):
    if not execution.can_watch_ops():
      self.skipTest("constant mode has one step only before 2.1")
    tool = _tool("constant")
    function = tf.function(_noise)
    with execution.eager_mode(), self.assertRaisesRegex(
      errors.AlignmentError, "function"
    ):
      with tool.scope():
        for _ in range(2):
          tool.begin_step()
          function(tf.ones([2]))
          _drop(tf.ones([2]))


def _drop(x):
  return tf1.nn.dropout(x, rate=0.5)


def _noise(x):
  return x + tf1.random.normal(x.shape)


if __name__ == "__main__":
  absltest.main()
