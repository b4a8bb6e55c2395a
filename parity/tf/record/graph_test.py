"""Tests of parity.tf.record.graph."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np
import tensorflow.compat.v1 as tf1

from parity import case as case_lib
from parity import errors
from parity.tf import behaviour
from parity.tf.record import graph

_X = np.arange(8, dtype=np.float32).reshape(2, 4)


def _build(forward, *, training=False, inputs=None):
  case = case_lib.Case(inputs=inputs or {"x": _X}, tf1=forward)
  with behaviour.tf1_behaviour():
    return graph.build(case, training=training, seed=42)


def _network(inputs, training):
  with tf1.variable_scope("net"):
    kernel = tf1.get_variable(
      "kernel",
      (4, 3),
      initializer=tf1.random_normal_initializer(),
      regularizer=lambda k: tf1.reduce_sum(k * k),
    )
    mean = tf1.get_variable(
      "mean", (3,), initializer=tf1.zeros_initializer(), trainable=False
    )
  hidden = tf1.matmul(inputs["x"], kernel)
  if training:
    update = tf1.assign(mean, tf1.reduce_mean(hidden, 0))
    tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, update)
    hidden = tf1.nn.dropout(hidden, rate=0.5)
  return {"logits": hidden - mean, "hidden": hidden}


class BuildTest(absltest.TestCase):
  def test_inputs_are_placeholders_of_the_arrays_shapes(self):
    built = _build(_network)
    name = built.placeholders["x"]
    tensor = built.graph.get_tensor_by_name(name)
    self.assertEqual(tensor.op.type, "Placeholder")
    self.assertEqual(tuple(tensor.shape.as_list()), (2, 4))
    np.testing.assert_array_equal(built.inputs["x"], _X)

  def test_text_is_fed_as_strings(self):
    built = _build(
      lambda inputs, _: tf1.string_to_number(inputs), inputs=np.array(["1.5"])
    )
    tensor = built.graph.get_tensor_by_name(built.placeholders["output"])
    self.assertEqual(tensor.dtype, tf1.string)

  def test_variables_stand_in_creation_order_with_their_lines(self):
    kernel, mean = (v.record for v in _build(_network).variables)
    self.assertEqual((kernel.name, mean.name), ("net/kernel", "net/mean"))
    self.assertEqual((kernel.shape, mean.shape), ((4, 3), (3,)))
    self.assertEqual((kernel.trainable, mean.trainable), (True, False))
    self.assertEqual(kernel.dtype, "float32")
    self.assertIn("graph_test.py:", kernel.source)

  def test_outputs_know_their_place_in_execution_order(self):
    outputs = {output.path: output for output in _build(_network).outputs}
    self.assertLess(outputs["hidden"].order, outputs["logits"].order)
    self.assertEqual(outputs["hidden"].op_type, "MatMul")
    self.assertIn("graph_test.py:", outputs["logits"].source)

  def test_updates_and_dropout_are_there_in_training_only(self):
    training, inference = (_build(_network, training=t) for t in (True, False))
    self.assertLen(training.updates, 1)
    self.assertEmpty(inference.updates)
    self.assertEqual(
      [op.op_type for op in training.random_ops],
      ["RandomStandardNormal", "RandomUniform"],
    )
    self.assertLen(inference.random_ops, 1)

  def test_random_ops_know_the_variable_that_they_initialise(self):
    first, second = _build(_network, training=True).random_ops
    self.assertEqual((first.variable, first.op_seed), ("net/kernel", 0))
    self.assertEqual((second.variable, second.op_seed), (None, 1))

  def test_losses_are_those_of_the_collection(self):
    (loss,) = _build(_network).losses
    self.assertIn("graph_test.py:", loss.source)

  def test_each_graph_is_a_fresh_one(self):
    one, other = _build(_network), _build(_network)
    self.assertIsNot(one.graph, other.graph)
    self.assertEqual(
      [v.record.name for v in one.variables],
      [v.record.name for v in other.variables],
    )


class OutputsTest(absltest.TestCase):
  def _paths(self, forward):
    return [output.path for output in _build(forward).outputs]

  def test_a_bare_tensor_is_output(self):
    self.assertEqual(self._paths(lambda inputs, _: inputs["x"]), ["output"])

  def test_numbers_arrays_and_variables_become_tensors(self):
    def forward(inputs, training):
      return [3.0, _X, tf1.get_variable("v", (2,)), inputs["x"], training]

    self.assertEqual(self._paths(forward), list("01234"))

  def test_sparse_and_ragged_tensors_are_their_parts(self):
    def forward(inputs, unused_training):
      return {
        "sparse": tf1.SparseTensor([[0, 1]], [1.0], [2, 2]),
        "slices": tf1.IndexedSlices(inputs["x"], tf1.constant([0, 1])),
        "ragged": tf1.ragged.constant([[1.0, 2.0], [3.0]]),
      }

    self.assertEqual(
      self._paths(forward),
      [
        "ragged/values",
        "ragged/row_splits/0",
        "slices/indices",
        "slices/values",
        "sparse/indices",
        "sparse/values",
        "sparse/dense_shape",
      ],
    )

  def test_what_is_no_tensor_is_named(self):
    def elsewhere(unused_inputs, unused_training):
      with tf1.Graph().as_default():
        return {"y": tf1.constant(1.0)}

    for forward, words in (
      (lambda *_: None, "tf1 returned no tensor, found None"),
      (lambda *_: {}, "tf1 returned no tensor"),
      (
        lambda *_: {"op": tf1.no_op()},
        "Output 'op' of tf1 is no tensor",
      ),
      (elsewhere, "Output 'y' of tf1 does not belong to the graph"),
    ):
      with self.assertRaisesRegex(errors.CaseError, words):
        _build(forward)


class VariableTest(absltest.TestCase):
  def test_one_without_a_known_shape_is_named(self):
    def forward(inputs, unused_training):
      start = tf1.placeholder_with_default(np.zeros(3, np.float32), None)
      variable = tf1.Variable(start, validate_shape=False, name="odd")
      return inputs["x"] + tf1.reduce_sum(variable)

    with self.assertRaisesRegex(
      errors.CaseError, "Variable odd of tf1, made at"
    ):
      _build(forward)


if __name__ == "__main__":
  absltest.main()
