"""Tests of parity.tf.record.session, as the tf1 side asks it."""

from __future__ import annotations

import os
import tempfile

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity import errors
from parity.golden import tensors
from parity.tf import side as side_lib
from parity.tf.compat import execution
from testing import fakes


def _forward(inputs, training):
  """A dense layer, a running mean, dropout."""
  with tf1.variable_scope("net"):
    kernel = tf1.get_variable(
      "kernel",
      (4, 3),
      initializer=tf1.random_normal_initializer(),
      regularizer=lambda k: 0.5 * tf1.reduce_sum(k * k),
    )
    mean = tf1.get_variable(
      "mean", (3,), initializer=tf1.zeros_initializer(), trainable=False
    )
    step = tf1.get_variable("step", (), tf1.int64, trainable=False)
  hidden = tf1.matmul(inputs["x"], kernel)
  if training:
    update = tf1.assign(mean, 0.5 * tf1.reduce_mean(hidden, 0))
    tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, update)
    hidden = tf1.nn.dropout(hidden, rate=0.5)
  return {"y": hidden + tf1.cast(step, tf1.float32)}


def _inputs(rng):
  return {"x": rng.normal(size=(2, 4)).astype(np.float32)}


def _side(**changes):
  fields = {"inputs": _inputs, "tf1": _forward, **changes}
  return side_lib.Side(case_lib.Case(**fields), side="tf1")


def _values(recording, moment="initial"):
  return {v.name: getattr(v, moment) for v in recording.variables}


class SessionTest(parameterized.TestCase):
  def setUp(self):
    super().setUp()
    self.side = _side()

  def _fulfil(self, **request):
    return self.side.fulfil(fakes.make_request("tf1", **request))

  def test_the_output_is_what_the_weights_and_inputs_give(self):
    recording = self._fulfil()
    expected = recording.inputs["x"] @ _values(recording)["net/kernel"]
    np.testing.assert_allclose(recording.outputs[0].value, expected, rtol=1e-5)

  def test_a_second_run_gives_the_same_numbers(self):
    one, other = self._fulfil(training=True), self._fulfil(training=True)
    np.testing.assert_array_equal(one.outputs[0].value, other.outputs[0].value)
    np.testing.assert_array_equal(
      _values(one)["net/kernel"], _values(other)["net/kernel"]
    )

  def test_another_seed_gives_other_inputs_and_weights(self):
    one, other = self._fulfil(seed=1), self._fulfil(seed=2)
    self.assertFalse(np.array_equal(one.inputs["x"], other.inputs["x"]))
    self.assertFalse(
      np.array_equal(_values(one)["net/kernel"], _values(other)["net/kernel"])
    )

  def test_losses_have_values_and_lines(self):
    recording = self._fulfil()
    (loss,) = recording.losses
    kernel = _values(recording)["net/kernel"]
    np.testing.assert_allclose(loss.value, 0.5 * np.sum(kernel**2), rtol=1e-5)
    self.assertIn("session_test.py:", loss.source)

  def test_training_runs_the_updates_once(self):
    recording = self._fulfil(training=True)
    hidden = recording.inputs["x"] @ _values(recording)["net/kernel"]
    np.testing.assert_allclose(
      _values(recording, "final")["net/mean"], 0.5 * hidden.mean(0), rtol=1e-5
    )
    np.testing.assert_array_equal(_values(recording)["net/mean"], 0)

  def test_inference_leaves_the_variables_alone(self):
    for variable in self._fulfil().variables:
      self.assertIs(variable.initial, variable.final)

  def test_one_seed_for_all_ops_gives_other_numbers_from_the_same_graph(self):
    numbered, constant = (
      self._fulfil(training=True, random=mode)
      for mode in ("num_random_ops", "constant")
    )
    self.assertFalse(
      np.array_equal(
        numbered.outputs[0].value == 0, constant.outputs[0].value == 0
      )
    )

  def test_optimisation_of_the_graph_may_be_off(self):
    on, off = self._fulfil(), self._fulfil(rewrites=False)
    np.testing.assert_allclose(
      on.outputs[0].value, off.outputs[0].value, rtol=1e-6
    )

  def test_moved_by_an_ulp_the_inputs_and_outputs_are_near_but_other(self):
    plain, moved = self._fulfil(), self._fulfil(perturb=1)
    one, other = plain.outputs[0].value, moved.outputs[0].value
    self.assertFalse(np.array_equal(one, other))
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


class PlacesTest(absltest.TestCase):
  def test_only_what_stands_there_is_traced(self):
    side = _side()
    changes = {"trace": True, "trace_values": True, "training": True}
    whole = side.fulfil(fakes.make_request("tf1", **changes)).trace
    product = next(op for op in whole.ops if op.op_type == "MatMul")
    update = next(op for op in whole.ops if op.op_type.startswith("Assign"))
    places = (product.source, update.source)
    found = side.fulfil(
      fakes.make_request("tf1", trace_places=places, **changes)
    )
    self.assertTrue(all(v.initial is None for v in found.variables))
    self.assertEqual(
      [(op.name, _result(found.trace, op)) for op in found.trace.ops],
      [
        (op.name, _result(whole, op)) for op in whole.ops if op.source in places
      ],
    )
    (again,) = [op for op in found.trace.ops if op.name == product.name]
    np.testing.assert_array_equal(
      found.trace.tensors[again.outputs[0]].value,
      whole.tensors[product.outputs[0]].value,
    )


def _result(trace, op):
  return [trace.tensors[number].digest for number in op.outputs]


def _with_functions(inputs, training):
  """A function in a function, which draws in training."""

  @tf1.function
  def inner(x):
    return tf1.nn.leaky_relu(x, 0.3)

  @tf1.function
  def outer(x, kernel):
    y = tf1.tanh(inner(tf1.matmul(x, kernel)))
    return tf1.nn.dropout(y, rate=0.5) if training else y

  kernel = tf1.get_variable("kernel", (4, 3))
  return {"y": outer(inputs["x"], kernel)}


def _by_value(inputs, training):
  """A function that only AutoGraph can build in a graph."""
  del training

  @tf1.function
  def chosen(x):
    if tf1.reduce_sum(x) > 0:
      return x
    return -x

  return {"y": chosen(inputs["x"])}


class FunctionsTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    if not execution.can_inline_functions():
      self.skipTest("This TensorFlow cannot build functions in place.")

  def _recordings(self, forward, **request):
    side = _side(tf1=forward)
    plain = side.fulfil(fakes.make_request("tf1", **request))
    traced = side.fulfil(
      fakes.make_request("tf1", trace=True, trace_values=True, **request)
    )
    return plain, traced

  def test_a_trace_looks_into_nested_functions(self):
    _, traced = self._recordings(_with_functions)
    types = [op.op_type for op in traced.trace.ops]
    self.assertContainsSubset(["MatMul", "LeakyRelu", "Tanh"], types)
    self.assertFalse([t for t in types if t.endswith("PartitionedCall")])

  def test_the_numbers_are_those_of_the_calls(self):
    for training in (False, True):
      plain, traced = self._recordings(_with_functions, training=training)
      np.testing.assert_allclose(
        traced.outputs[0].value, plain.outputs[0].value, rtol=1e-6
      )

  def test_a_body_that_cannot_stand_in_place_is_seen_as_a_call(self):
    plain, traced = self._recordings(_by_value)
    np.testing.assert_array_equal(
      traced.outputs[0].value, plain.outputs[0].value
    )
    self.assertNotEmpty(traced.trace.ops)


class WeightsTest(absltest.TestCase):
  def _fulfil(self, **request):
    return _side().fulfil(fakes.make_request("tf1", **request))

  def test_constant_ones_are_put_into_floating_variables_alone(self):
    recording = self._fulfil(weights="constant", constant=0.001)
    expected = recording.inputs["x"].sum(1) * 0.001 + 0
    np.testing.assert_allclose(
      recording.outputs[0].value[:, 0], expected, rtol=1e-5
    )

  def test_carried_ones_come_from_the_file_by_name(self):
    kernel = np.arange(12, dtype=np.float32).reshape(4, 3)
    with tempfile.TemporaryDirectory() as folder:
      path = os.path.join(folder, "weights.safetensors")
      tensors.write_tensors(path, {"net/kernel": kernel})
      recording = self._fulfil(weights="carried", weights_file=path)
    np.testing.assert_array_equal(_values(recording)["net/kernel"], kernel)
    np.testing.assert_array_equal(_values(recording)["net/mean"], 0)

  def test_distinctive_ones_are_no_two_alike(self):
    recording = self._fulfil(weights="distinctive")
    kernel = _values(recording)["net/kernel"]
    self.assertLen(np.unique(kernel), kernel.size)
    np.testing.assert_array_equal(
      kernel, _values(self._fulfil(weights="distinctive"))["net/kernel"]
    )


class ErrorTest(absltest.TestCase):
  def test_an_op_that_fails_is_told_as_the_users(self):
    def forward(inputs, unused_training):
      return tf1.gather(inputs["x"], [7])

    side = _side(tf1=forward)
    with self.assertRaises(errors.CaseCodeError) as caught:
      side.fulfil(fakes.make_request("tf1"))
    told = str(caught.exception)
    self.assertStartsWith(told, "tf1 raised InvalidArgumentError")
    self.assertIn("session_test.py", told)
    self.assertNotIn("site-packages", told)

  def test_a_request_of_the_other_side_is_refused(self):
    with self.assertRaisesRegex(errors.UsageError, "tf1 side cannot"):
      _side().fulfil(fakes.make_request("tf2"))


if __name__ == "__main__":
  absltest.main()
