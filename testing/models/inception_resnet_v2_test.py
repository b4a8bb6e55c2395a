"""Tests of testing.models.inception_resnet_v2: the guide's facts about it."""

from __future__ import annotations

from typing import Dict, List

from absl.testing import absltest
import tensorflow.compat.v1 as tf

from parity.tf import behaviour
from parity.tf import slim as slim_tools
from testing.models import inception_resnet_v2

_CLASSES = 1000
# The mixed blocks' grids for images of 299 x 299.
_END_POINTS = {
  "Conv2d_1a_3x3": [2, 149, 149, 32],
  "Conv2d_2a_3x3": [2, 147, 147, 32],
  "Conv2d_2b_3x3": [2, 147, 147, 64],
  "MaxPool_3a_3x3": [2, 73, 73, 64],
  "Conv2d_3b_1x1": [2, 73, 73, 80],
  "Conv2d_4a_3x3": [2, 71, 71, 192],
  "MaxPool_5a_3x3": [2, 35, 35, 192],
  "Mixed_5b": [2, 35, 35, 320],
  "Mixed_6a": [2, 17, 17, 1088],
  "PreAuxLogits": [2, 17, 17, 1088],
  "Mixed_7a": [2, 8, 8, 2080],
  "Conv2d_7b_1x1": [2, 8, 8, 1536],
  "AuxLogits": [2, _CLASSES],
  "PreLogitsFlatten": [2, 1536],
  "Logits": [2, _CLASSES],
  "Predictions": [2, _CLASSES],
}


def _random_ops(graph: tf.Graph) -> List[str]:
  return [
    op.name for op in graph.get_operations() if op.type == "RandomUniform"
  ]


class GraphTest(absltest.TestCase):
  """One graph in training mode: construction takes seconds."""

  graph: tf.Graph
  logits: tf.Tensor
  end_points: Dict[str, tf.Tensor]

  @classmethod
  def setUpClass(cls) -> None:
    super().setUpClass()
    slim_tools.enable_tf_slim()
    cls.graph = tf.Graph()
    with behaviour.tf1_behaviour(), cls.graph.as_default():
      images = tf.placeholder(tf.float32, [2, 299, 299, 3])
      cls.logits, cls.end_points = inception_resnet_v2.inception_resnet_v2(
        images, _CLASSES, True
      )

  def test_end_points_have_the_names_order_and_shapes_of_the_table(
    self,
  ) -> None:
    shapes = {n: t.shape.as_list() for n, t in self.end_points.items()}
    self.assertEqual(list(shapes), list(_END_POINTS))
    self.assertEqual(shapes, _END_POINTS)

  def test_logits_are_the_end_point(self) -> None:
    self.assertIs(self.logits, self.end_points["Logits"])

  def test_there_are_1114_variables_of_which_702_train(self) -> None:
    # 206 convolutions with batch norm: three that train, two statistics.
    # 40 projections and two heads: weights and biases, 206 * 5 + 42 * 2.
    with self.graph.as_default():
      self.assertEqual(len(tf.global_variables()), 1114)
      self.assertEqual(len(tf.trainable_variables()), 702)

  def test_order_of_creation_ends_with_the_heads(self) -> None:
    with self.graph.as_default():
      names = [variable.op.name for variable in tf.global_variables()]
    self.assertEqual(names[0], "InceptionResnetV2/Conv2d_1a_3x3/weights")
    heads = [name.split("/")[1] for name in names[-14:]]
    self.assertEqual(heads, ["AuxLogits"] * 12 + ["Logits"] * 2)

  def test_training_has_249_random_ops_one_of_them_the_dropout(self) -> None:
    names = _random_ops(self.graph)
    self.assertEqual(len(names), 249)
    self.assertEqual(len([n for n in names if "/Dropout/" in n]), 1)

  def test_regularised_weights_are_those_of_the_guides_loss(self) -> None:
    with self.graph.as_default():
      sizes = [
        variable.shape.num_elements()
        for variable in tf.trainable_variables()
        if variable.op.name.endswith(("/weights", "/biases"))
      ]
      losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    self.assertEqual(len(losses), len(sizes))
    # Every variable 0.001; the guide prints 0.0011829757.
    loss = sum(sizes) * 0.001**2 / 2 * inception_resnet_v2.WEIGHT_DECAY
    self.assertAlmostEqual(loss, 0.0011829757, delta=1e-10)

  def test_batch_norm_updates_are_collected(self) -> None:
    with self.graph.as_default():
      updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    self.assertEqual(len(updates), 206 * 2)


if __name__ == "__main__":
  absltest.main()
