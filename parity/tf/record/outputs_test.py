"""Tests of parity.tf.record.outputs on the tf2 side; graph_test has tf1's."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf2

from parity import errors
from parity.tf import nests
from parity.tf.record import outputs

CELLS_SINCE = "tf2.8"


class ArrayTest(parameterized.TestCase):
  @parameterized.parameters(
    (lambda: tf2.constant([1.5]), "float32"),
    (lambda: tf2.Variable([1]), "int32"),
    (lambda: np.ones(1), "float64"),
    (lambda: 2.5, "float64"),
    (lambda: True, "bool"),
    (lambda: tf2.constant(["a"]), "object"),
  )
  def test_is_the_value_of(self, make, dtype):
    found = outputs.array(nests.Leaf("y", make()))
    self.assertIsInstance(found, np.ndarray)
    self.assertEqual(found.dtype, dtype)

  def test_a_symbolic_tensor_is_refused_by_name(self):
    kept = []

    @tf2.function
    def double(x):
      kept.append(2 * x)
      return x

    double(tf2.constant([1.0]))
    with self.assertRaisesRegex(
      errors.CaseError, r"Output 'y' of the port is symbolic .* \(1,\)"
    ):
      outputs.array(nests.Leaf("y", kept[0]))

  def test_a_symbolic_keras_tensor_is_refused_by_name(self):
    with self.assertRaisesRegex(
      errors.CaseError, "'y' of the port is symbolic"
    ):
      outputs.array(nests.Leaf("y", tf2.keras.Input((3,))))

  @parameterized.parameters(object, lambda: object, lambda: len)
  def test_what_is_no_tensor_is_refused_by_name(self, make):
    with self.assertRaisesRegex(
      errors.CaseError, "'y' of the port is no tensor"
    ):
      outputs.array(nests.Leaf("y", make()))


class DenseLeavesTest(absltest.TestCase):
  def test_composite_tensors_are_their_parts(self):
    nest = {
      "ragged": tf2.ragged.constant([[1.0, 2.0], [3.0]]),
      "sparse": tf2.SparseTensor([[0, 1]], [1.0], [2, 2]),
      "dense": tf2.constant([1.0]),
    }
    leaves = outputs.dense_leaves(nest)
    found = {leaf.path: outputs.array(leaf) for leaf in leaves}
    self.assertEqual(
      sorted(found),
      [
        "dense",
        "ragged/row_splits/0",
        "ragged/values",
        "sparse/dense_shape",
        "sparse/indices",
        "sparse/values",
      ],
    )
    np.testing.assert_array_equal(found["ragged/row_splits/0"], [0, 2, 3])

  def test_slices_without_a_shape_have_two_parts(self):
    slices = tf2.IndexedSlices(tf2.constant([[1.0]]), tf2.constant([0]))
    paths = [leaf.path for leaf in outputs.dense_leaves(slices)]
    self.assertEqual(paths, ["output/indices", "output/values"])


if __name__ == "__main__":
  absltest.main()
