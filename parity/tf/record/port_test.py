"""Tests of parity.tf.record.port, as the tf2 side asks it."""

from __future__ import annotations

import os
import tempfile

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf2
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity import errors
from parity.golden import tensors
from parity.tf import side as side_lib
from parity.tf.record import inventory
from testing import fakes

CELLS_SINCE = "tf2.8"


class _Net(tf2.Module):
  """A dense layer, a running mean, dropout; made at the first call."""

  def __init__(self):
    super().__init__()
    self.kernel = None

  def __call__(self, inputs, training):
    if self.kernel is None:
      initializer = tf1.random_normal_initializer()
      self.kernel = tf2.Variable(initializer((4, 3)), name="net/kernel")
      self.mean = tf2.Variable([0.0] * 3, name="net/mean", trainable=False)
    hidden = tf2.matmul(inputs["x"], self.kernel)
    if training:
      self.mean.assign(tf2.reduce_mean(hidden, 0))
      hidden = tf2.nn.dropout(hidden, rate=0.5)
    return {"y": hidden}


class _NetInFunction(_Net):
  @tf2.function
  def __call__(self, inputs, training):
    return super().__call__(inputs, training)


def _forward(inputs, training):
  """The same on the tf1 side."""
  with tf1.variable_scope("net"):
    initializer = tf1.random_normal_initializer()
    kernel = tf1.get_variable("kernel", (4, 3), initializer=initializer)
    zeros = tf1.zeros_initializer()
    mean = tf1.get_variable("mean", 3, initializer=zeros, trainable=False)
  hidden = tf1.matmul(inputs["x"], kernel)
  if training:
    update = tf1.assign(mean, tf1.reduce_mean(hidden, 0))
    tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, update)
    hidden = tf1.nn.dropout(hidden, rate=0.5)
  return {"y": hidden}


def _inputs(rng):
  return {"x": rng.normal(size=(2, 4)).astype(np.float32)}


def _fulfil(port=_Net, *, side="tf2", rename=None, **request):
  case = case_lib.Case(inputs=_inputs, tf1=_forward, tf2=port, rename=rename)
  made = side_lib.Side(case, side=side)
  return made.fulfil(fakes.make_request(side, **request))


def _by_name(recording):
  return {v.name: v for v in recording.variables}


class ModesTest(parameterized.TestCase):
  @parameterized.product(
    port=(_Net, _NetInFunction),
    mode=("eager", "function"),
    training=(False, True),
  )
  def test_gives_the_tf1_sides_numbers(self, port, mode, training):
    found = _fulfil(port, mode=mode, training=training)
    wanted = _fulfil(side="tf1", training=training)
    for record, other in zip(found.variables, wanted.variables):
      self.assertEqual(record.name, other.name)
      if record.initial is None:
        self.assertTrue(training)
      else:
        np.testing.assert_array_equal(record.initial, other.initial)
      np.testing.assert_allclose(record.final, other.final, rtol=1e-6)
    np.testing.assert_allclose(
      found.outputs[0].value, wanted.outputs[0].value, rtol=1e-5, atol=1e-6
    )

  def test_initial_values_are_those_before_the_updates(self):
    found = _by_name(_fulfil(training=True))["net/mean"]
    np.testing.assert_array_equal(found.initial, 0)
    self.assertTrue(np.any(found.final))

  def test_a_functional_model_around_a_layer_gives_the_layers_numbers(self):
    class Port(tf2.keras.layers.Layer):
      def __init__(self):
        super().__init__()
        initializer = tf1.random_normal_initializer()
        self.dense = tf2.keras.layers.Dense(3, kernel_initializer=initializer)

      def call(self, inputs, training=None):
        del training
        return self.dense(inputs["x"])

    eager, functional = (
      _fulfil(Port, mode=mode, random="constant")
      for mode in ("eager", "functional")
    )
    self.assertLen(functional.variables, 2)
    np.testing.assert_allclose(
      eager.outputs[0].value, functional.outputs[0].value, rtol=1e-6
    )

  def test_a_port_that_makes_no_variables_in_a_graph_is_called_before(self):
    class Port(tf2.keras.layers.Layer):
      def __init__(self):
        super().__init__()
        self.was_called = False
        self.dense = tf2.keras.layers.Dense(3, kernel_initializer="ones")

      def call(self, inputs, training=None):
        del training
        if not self.was_called and not tf2.executing_eagerly():
          # What TF1.x's dynamic_rnn comes to under the shim.
          with tf2.init_scope(), tf1.device(lambda op: op.device):
            pass
        self.was_called = True
        return self.dense(inputs["x"])

    eager, functional = (
      _fulfil(Port, mode=mode, random="constant")
      for mode in ("eager", "functional")
    )
    self.assertLen(functional.variables, 2)
    np.testing.assert_array_equal(
      eager.outputs[0].value, functional.outputs[0].value
    )

  def test_a_port_that_raises_otherwise_is_not_called_again(self):
    class Port(tf2.keras.layers.Layer):
      def call(self, inputs, training=None):
        del training
        if not tf2.executing_eagerly():
          raise ValueError("No graph, please.")
        return inputs["x"]

    with self.assertRaisesRegex(errors.CaseCodeError, "No graph, please"):
      _fulfil(Port, mode="functional")

  def test_what_is_no_layer_cannot_be_in_a_functional_model(self):
    with self.assertRaisesRegex(errors.CaseError, "functional=False"):
      _fulfil(mode="functional")


class VariablesTest(absltest.TestCase):
  def test_know_the_call_that_made_them_and_its_line(self):
    recording = _fulfil(calls=3, weights="constant")
    for variable in recording.variables:
      self.assertEqual((variable.call, variable.tracked), (1, True))
      self.assertIn("port_test.py:", variable.source)
    self.assertFalse(_by_name(recording)["net/mean"].trainable)

  def test_those_made_before_the_first_call_have_call_0(self):
    class Early(tf2.Module):
      def __init__(self):
        super().__init__()
        self.v = tf2.Variable([1.0], name="v")

      def __call__(self, inputs, training):
        del training
        return inputs["x"] * self.v

    self.assertEqual(_by_name(_fulfil(Early))["v"].call, 0)

  def test_those_made_again_belong_to_the_later_call(self):
    class Forgetful(tf2.Module):
      def __call__(self, inputs, training):
        del training
        return inputs["x"] * tf2.Variable([1.0], name="v")

    recording = _fulfil(Forgetful, calls=3, weights="constant")
    calls = [v.call for v in recording.variables if not v.tracked]
    self.assertEqual(calls, [1, 2, 3])

  def test_values_are_put_in_before_the_last_call(self):
    calls = []

    class Watched(tf2.Module):
      def __init__(self):
        super().__init__()
        self.v = tf2.Variable([1.0], name="v")

      def __call__(self, inputs, training):
        del training
        calls.append(float(self.v[0]))
        return inputs["x"] * self.v

    _fulfil(Watched, calls=3, weights="constant")
    self.assertEqual(calls, [1.0, 1.0, np.float32(0.001)])
    calls.clear()
    _fulfil(Watched, calls=1, weights="constant")
    self.assertEqual(calls, [1.0, np.float32(0.001)])

  def test_values_before_an_update_stay_what_they_were(self):
    variables = [
      tf2.Variable(np.arange(6.0).reshape(2, 3), name="plain"),
      tf2.Variable([1, 2], name="whole"),
      tf2.Variable(["a", "b"], name="text"),
      tf2.Variable(np.zeros((0, 4), np.float32), name="empty"),
      tf2.Variable(tf2.cast([0.5, 2.0], tf2.bfloat16), name="brief"),
    ]
    before = [inventory.value_of(v) for v in variables]
    expected = [v.numpy().copy() for v in variables]
    variables[0].assign_add(np.ones((2, 3)))
    variables[0].scatter_nd_update([[0, 0]], [99.0])
    variables[0][1, 1].assign(-1.0)
    variables[1].assign_sub([1, 1])
    variables[2].assign(["c", "d"])
    variables[4].assign_add(tf2.cast([1.0, 1.0], tf2.bfloat16))
    for array, values in zip(before, expected):
      np.testing.assert_array_equal(array, values)
    self.assertEqual(variables[0].numpy()[0, 0], 99.0)

  def test_what_a_plain_callable_makes_is_its_inventory(self):
    def make():
      v = tf2.Variable([1.0], name="v")
      return lambda inputs, **_: inputs["x"] * v

    (variable,) = _fulfil(make).variables
    self.assertTrue(variable.tracked)

  def test_names_are_those_of_the_tf1_side_after_the_renaming(self):
    recording = _fulfil(rename={"net/kernel": "fc/weights"})
    found = _by_name(recording)
    self.assertEqual(found["net/kernel"].tf1_name, "fc/weights")
    self.assertEqual(found["net/mean"].tf1_name, "net/mean")


class WeightsTest(absltest.TestCase):
  def test_constant_ones_are_put_in_before_the_last_call(self):
    recording = _fulfil(weights="constant", constant=0.5)
    expected = recording.inputs["x"].sum(1) * 0.5
    np.testing.assert_allclose(
      recording.outputs[0].value[:, 0], expected, rtol=1e-5
    )

  def test_carried_ones_come_from_the_file_by_their_tf1_name(self):
    kernel = np.arange(12, dtype=np.float32).reshape(4, 3)
    with tempfile.TemporaryDirectory() as folder:
      path = os.path.join(folder, "weights.safetensors")
      tensors.write_tensors(path, {"fc/weights": kernel})
      recording = _fulfil(
        rename={"net/kernel": "fc/weights"},
        weights="carried",
        weights_file=path,
      )
    np.testing.assert_array_equal(
      _by_name(recording)["net/kernel"].initial, kernel
    )

  def test_distinctive_ones_are_those_of_the_tf1_side(self):
    found, wanted = (
      _fulfil(side=side, weights="distinctive") for side in ("tf2", "tf1")
    )
    np.testing.assert_array_equal(
      found.variables[0].initial, wanted.variables[0].initial
    )


class ErrorTest(absltest.TestCase):
  def test_a_port_that_is_none_is_refused(self):
    with self.assertRaisesRegex(errors.CaseError, "found str"):
      _fulfil(lambda: "port")

  def test_a_port_that_returns_nothing_is_refused(self):
    with self.assertRaisesRegex(errors.CaseError, "returned no tensor"):
      _fulfil(lambda: lambda *_, **__: [])

  def test_a_variable_without_a_known_shape_is_named(self):
    def make():
      any_shape = tf2.TensorShape(None)
      v = tf2.Variable([1.0], shape=any_shape, name="odd")
      return lambda inputs, **_: inputs["x"] + v

    with self.assertRaisesRegex(errors.CaseError, "Variable odd of the port"):
      _fulfil(make)


if __name__ == "__main__":
  absltest.main()
