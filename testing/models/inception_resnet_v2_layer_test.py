"""Tests of testing.models.inception_resnet_v2_layer: is it the same network?"""

from __future__ import annotations

from absl.testing import absltest
import tensorflow as tf2
import tensorflow.compat.v1 as tf1

from parity.tf import behaviour
from parity.tf import slim as slim_tools
from testing.models import inception_resnet_v2
from testing.models import inception_resnet_v2_layer

# The first with the shim.
CELLS_SINCE = "tf2.8"

_CLASSES = 10
# The smallest images that leave something to the auxiliary head.
_SHAPE = (1, 139, 139, 3)


class InceptionResnetV2LayerTest(absltest.TestCase):
  def test_variables_are_those_of_the_graph_and_come_once(self) -> None:
    slim_tools.enable_tf_slim()
    graph = tf1.Graph()
    with behaviour.tf1_behaviour(), graph.as_default():
      images = tf1.placeholder(tf1.float32, _SHAPE)
      inception_resnet_v2.inception_resnet_v2(images, _CLASSES, False)
      expected = {v.name: v.shape for v in tf1.global_variables()}

    layer = inception_resnet_v2_layer.InceptionResnetV2Layer(_CLASSES)
    logits, end_points = layer(tf2.ones(_SHAPE), training=False)
    created = {v.name: v.shape for v in layer.variables}
    self.assertEqual(logits.shape, (1, _CLASSES))
    self.assertIn("Mixed_6a", end_points)
    self.assertEqual(len(layer.variables), 1114)
    self.assertEqual(len(layer.losses), 290)
    self.assertEqual(created, expected)

    before = [id(variable) for variable in layer.variables]
    layer(tf2.ones(_SHAPE), training=False)
    self.assertEqual([id(variable) for variable in layer.variables], before)


if __name__ == "__main__":
  absltest.main()
