from __future__ import annotations

from absl.testing import absltest
import numpy as np
import tensorflow as tf
import tensorflow.compat.v1 as tf1

from parity.tf import scopes
from parity.tf import sources
from parity.tf.compat import execution
from parity.tf.compat import keras as compat_keras


def _this_line(created: scopes.CreatedVariable) -> str:
  return _line(created.source)


def _line(source: str) -> str:
  path, line = source.rsplit(":", 1)
  with open(path) as handle:
    return handle.read().splitlines()[int(line) - 1].strip()


def _eager_test(method):
  """Runs in eager mode on every TensorFlow, 1.15 too."""

  def run(self):
    with execution.eager_mode():
      method(self)

  run.__name__ = method.__name__
  return run


class RecordCreationsTest(absltest.TestCase):
  @_eager_test
  def test_sees_an_eager_variable_with_all_its_properties(self):
    with scopes.record_creations() as created:
      variable = tf.Variable(np.ones([2, 3], np.float32), name="w")
    self.assertLen(created, 1)
    record = created[0]
    self.assertEqual(record.name, "w")
    self.assertEqual(record.shape, (2, 3))
    self.assertEqual(record.dtype, "float32")
    self.assertTrue(record.trainable)
    self.assertIs(record.variable, variable)
    self.assertIn("tf.Variable(np.ones([2, 3]", _this_line(record))

  @_eager_test
  def test_is_silent_about_reads_assignments_and_functions(self):
    variable = tf.Variable(1.0)
    function = tf.function(lambda: variable.assign_add(1.0) + variable)
    with scopes.record_creations() as created:
      function()
      variable.assign(3.0)
      function()
    self.assertEqual(created, [])

  def test_sees_get_variable_in_a_graph_made_inside_the_scope(self):
    for use_resource in (False, True):
      with self.subTest(use_resource=use_resource):
        with scopes.record_creations() as created:
          with tf1.Graph().as_default():
            with tf1.variable_scope("net", use_resource=use_resource):
              tf1.get_variable("a", [2], trainable=False)
              tf1.get_variable("b", [], tf.int32, tf1.zeros_initializer())
            with tf1.variable_scope("net", reuse=True):
              tf1.get_variable("a", [2])
        self.assertEqual([r.name for r in created], ["net/a", "net/b"])
        self.assertEqual([r.dtype for r in created], ["float32", "int32"])
        self.assertEqual([r.trainable for r in created], [False, True])
        self.assertIn('get_variable("a"', _this_line(created[0]))

  def test_sees_ref_and_resource_variables_made_by_class(self):
    with scopes.record_creations() as created:
      with tf1.Graph().as_default():
        tf1.Variable(1.0, name="ref", use_resource=False)
        tf1.Variable(1.0, name="resource", use_resource=True)
        tf1.assign_add(created[1].variable, 1.0)
    self.assertEqual([r.name for r in created], ["ref", "resource"])

  @_eager_test
  def test_sees_a_creation_while_a_function_is_traced_at_the_users_line(self):
    class Module(tf.Module):
      variable = None

      @tf.function
      def __call__(self, x):
        if self.variable is None:
          self.variable = tf.Variable(2.0, name="traced")
        return x * self.variable

    with scopes.record_creations() as created:
      result = Module()(tf.constant(3.0))
    self.assertEqual(float(result), 6.0)
    self.assertEqual([r.name for r in created], ["traced"])
    self.assertIn("tf.Variable(2.0", _this_line(created[0]))

  @_eager_test
  def test_nested_scopes_each_record(self):
    with scopes.record_creations() as outer:
      tf.Variable(1.0, name="a")
      with scopes.record_creations() as inner:
        tf.Variable(1.0, name="b")
      tf.Variable(1.0, name="c")
    tf.Variable(1.0, name="d")
    self.assertEqual([r.name for r in outer], ["a", "b", "c"])
    self.assertEqual([r.name for r in inner], ["b"])

  @_eager_test
  def test_a_failed_creation_is_no_creation(self):
    def fail():
      raise RuntimeError("no value")

    with scopes.record_creations() as created:
      with self.assertRaisesRegex(RuntimeError, "no value"):
        tf.Variable(fail)
      tf.Variable(1.0, name="after")
    self.assertEqual([r.name for r in created], ["after"])

  @_eager_test
  def test_sees_weights_of_keras_2(self):
    keras = compat_keras.keras2()
    if keras is None:
      self.skipTest("this process has no Keras 2")
    layer = keras.layers.BatchNormalization(name="bn")
    with scopes.record_creations() as created:
      layer(np.ones([2, 4], np.float32))
      layer(np.ones([2, 4], np.float32))
    self.assertEqual(
      [(r.name.split("/")[-1], r.trainable) for r in created],
      [
        ("gamma", True),
        ("beta", True),
        ("moving_mean", False),
        ("moving_variance", False),
      ],
    )
    self.assertIn("layer(np.ones", _this_line(created[0]))

  def test_sees_each_variable_of_keras_3_once(self):
    keras = compat_keras.keras3()
    if keras is None:
      self.skipTest("this environment has no Keras 3")
    layer = keras.layers.Dense(3, name="fc")
    dropout = keras.layers.Dropout(0.5, name="drop")
    with scopes.record_creations() as created:
      layer(np.ones([2, 4], np.float32))
      dropout(np.ones([2, 4], np.float32), training=True)
      keras.layers.Dropout(0.5, name="other")
    self.assertEqual([r.name for r in created[:2]], ["fc/kernel", "fc/bias"])
    self.assertEqual(created[0].shape, (4, 3))
    self.assertIs(created[0].variable, layer.kernel)
    self.assertLen(created, 3)
    self.assertEqual(created[2].name.split("/")[-1], "seed_generator_state")
    self.assertFalse(created[2].trainable)

  def test_sees_a_keras_3_variable_that_gets_its_value_later_once(self):
    keras = compat_keras.keras3()
    if keras is None:
      self.skipTest("this environment has no Keras 3")
    from keras.src import backend

    with scopes.record_creations() as created:
      with backend.StatelessScope():
        variable = keras.Variable("ones", shape=(2,), name="late")
      self.assertEqual([r.name for r in created], ["late"])
    self.assertEqual(np.sum(variable), 2.0)
    self.assertLen(created, 1)


class AssertNoVariableCreationsTest(absltest.TestCase):
  @_eager_test
  def test_raises_where_the_variable_is_created(self):
    reached = []
    error = None
    try:
      with scopes.assert_no_variable_creations():
        with tf.name_scope("net"):
          reached.append("before")
          tf.Variable(np.ones([2]), name="w")
          reached.append("after")
    except ValueError as caught:
      error = caught
    self.assertEqual(reached, ["before"])
    self.assertRegex(str(error), r"net/w of shape \(2,\).*scopes_test\.py:\d+")
    text = sources.user_frames(error)[-1].source
    self.assertIn('tf.Variable(np.ones([2]), name="w")', _line(text))

  @_eager_test
  def test_is_silent_where_none_is_created(self):
    variable = tf.Variable(1.0)
    with scopes.assert_no_variable_creations():
      total = variable + 1.0
    self.assertEqual(float(total), 2.0)

  def test_raises_in_a_graph_and_makes_nothing(self):
    with tf1.Graph().as_default() as graph:
      with self.assertRaisesRegex(ValueError, "net/w"):
        with scopes.assert_no_variable_creations():
          with tf1.variable_scope("net"):
            tf1.get_variable("w", [2])
      self.assertEqual(tf1.global_variables(), [])
      self.assertNotIn("VarHandleOp", {o.type for o in graph.get_operations()})

  @_eager_test
  def test_raises_inside_a_function_naming_the_users_line(self):
    kept = []

    @tf.function
    def function(x):
      kept.append(tf.Variable(1.0, name="inside"))
      return x + kept[-1]

    with self.assertRaisesRegex(ValueError, r"inside.*scopes_test\.py"):
      with scopes.assert_no_variable_creations():
        function(tf.constant(1.0))

  @_eager_test
  def test_restores_after_an_error(self):
    with self.assertRaises(ValueError):
      with scopes.assert_no_variable_creations():
        tf.Variable(1.0)
    self.assertEqual(float(tf.Variable(1.0).numpy()), 1.0)

  def test_raises_for_keras_3(self):
    keras = compat_keras.keras3()
    if keras is None:
      self.skipTest("this environment has no Keras 3")
    with self.assertRaisesRegex(ValueError, "Attempted to create"):
      with scopes.assert_no_variable_creations():
        keras.Variable("ones", shape=(2,), name="w")


class CatchAndRaiseCreatedVariablesTest(absltest.TestCase):
  @_eager_test
  def test_raises_at_the_end_and_lists_all_with_their_lines(self):
    reached = []
    with self.assertRaises(ValueError) as caught:
      with scopes.catch_and_raise_created_variables():
        tf.Variable(1.0, name="first")
        tf.Variable([1, 2], name="second", trainable=False)
        reached.append("end")
    message = str(caught.exception)
    self.assertEqual(reached, ["end"])
    self.assertIn("2 variables were created", message)
    self.assertRegex(message, r"first \(\) float32, created at .*test\.py:\d+")
    self.assertRegex(message, r"second \(2,\) int32, not trainable, created at")

  @_eager_test
  def test_is_silent_where_none_is_created(self):
    variable = tf.Variable(1.0)
    with scopes.catch_and_raise_created_variables():
      variable.assign(2.0)
    self.assertEqual(float(variable.numpy()), 2.0)

  @_eager_test
  def test_lets_the_bodys_own_error_pass(self):
    with self.assertRaisesRegex(KeyError, "mine"):
      with scopes.catch_and_raise_created_variables():
        tf.Variable(1.0)
        raise KeyError("mine")


class GuidesBrokenLayerTest(absltest.TestCase):
  @_eager_test
  def test_the_broken_scaling_layer_is_caught_and_the_fixed_one_passes(self):
    class Broken(tf.Module):
      def __call__(self, x):
        scale = tf.Variable(initial_value=2.0, trainable=True, name="scale")
        bias = tf.Variable(initial_value=2.0, trainable=True, name="bias")
        return x * scale + bias

    class Fixed(tf.Module):
      scale = None

      def __call__(self, x):
        if self.scale is None:
          self.scale = tf.Variable(2.0, name="scale")
          self.bias = tf.Variable(2.0, name="bias")
        return x * self.scale + self.bias

    ones = np.ones([2], np.float32)
    for layer, expected in ((Broken(), ["scale", "bias"]), (Fixed(), [])):
      layer(ones)
      with scopes.record_creations() as created:
        layer(ones)
      self.assertEqual([record.name for record in created], expected)


if __name__ == "__main__":
  absltest.main()
