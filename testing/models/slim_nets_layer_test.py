"""Tests of testing.models.slim_nets_layer and slim_eager: published networks.

VGG-A has 129 million weights; `_pooled` collects end points as it does, with
two layers.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf2
import tensorflow.compat.v1 as tf1
import tf_slim as slim
from tf_slim.layers import layers as slim_layers

from parity.tf import behaviour
from parity.tf import slim as slim_tools
from testing.models import slim_eager
from testing.models import slim_nets
from testing.models import slim_nets_layer

# The first with the shim.
CELLS_SINCE = "tf2.8"


def _pooled(
  images: tf1.Tensor, training: bool
) -> Tuple[tf1.Tensor, Dict[str, Any]]:
  """Collects end points as `vgg_a` does."""
  del training
  with tf1.variable_scope("net") as scope:
    points = f"{scope.original_name_scope}_end_points"
    with slim.arg_scope(
      [slim.conv2d, slim.max_pool2d], outputs_collections=points
    ):
      net = slim.conv2d(images, 2, [3, 3], scope="conv")
      net = slim.max_pool2d(net, [2, 2], scope="pool")
    return net, slim.utils.convert_collection_to_dict(points)


class SlimNetLayerTest(parameterized.TestCase):
  @classmethod
  def setUpClass(cls) -> None:
    super().setUpClass()
    slim_tools.enable_tf_slim()

  @parameterized.named_parameters(
    ("inception_v1", slim_nets.inception_v1, (1, 193, 193, 3), 230),
    ("resnet_v2_50", slim_nets.resnet_v2_50, (2, 33, 33, 3), 272),
    ("end_points", _pooled, (1, 8, 8, 3), 2),
  )
  def test_layer_has_variables_and_outputs_of_the_graph(
    self, network: slim_nets.Network, shape: Tuple[int, ...], count: int
  ) -> None:
    graph = tf1.Graph()
    with behaviour.tf1_behaviour(), graph.as_default():
      logits, points = network(tf1.placeholder(tf1.float32, shape), False)
      expected = {v.name: v.shape for v in tf1.global_variables()}

    layer = slim_nets_layer.SlimNetLayer(network)
    images = np.zeros(shape, np.float32)
    eager_logits, eager_points = layer(tf2.constant(images), training=False)
    self.assertEqual({v.name: v.shape for v in layer.variables}, expected)
    self.assertEqual(len(expected), count)
    self.assertEqual(eager_logits.shape, logits.shape)
    self.assertEqual(
      {name: point.shape for name, point in eager_points.items()},
      {name: point.shape for name, point in points.items()},
    )

  def test_end_points_of_a_function_are_its_own(self) -> None:
    layer = slim_nets_layer.SlimNetLayer(_pooled)
    images = tf2.constant(np.ones((1, 8, 8, 3), np.float32))
    _, eager = layer(images)
    _, traced = tf2.function(layer)(images)
    self.assertEqual(sorted(eager), ["net/conv", "net/pool"])
    for name, point in eager.items():
      np.testing.assert_allclose(traced[name], point, rtol=1e-6)

  def test_mends_end_with_the_call(self) -> None:
    before = slim_layers.ops
    with self.assertRaisesRegex(ValueError, "seeded"):
      with slim_eager.eager_collections():
        self.assertIsNot(slim_layers.ops, before)
        raise ValueError("seeded")
    self.assertIs(slim_layers.ops, before)


if __name__ == "__main__":
  absltest.main()
