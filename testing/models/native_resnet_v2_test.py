"""Tests of testing.models.native_resnet_v2: its names are TF-Slim's, renamed.

`native_resnet_v2_parity` and `native_resnet_v2_broken_parity` are cases for
`parity check`: the rewrite passes, and Keras's epsilon is found.
"""

from __future__ import annotations

from typing import Any

from absl.testing import absltest
import numpy as np
import tensorflow as tf2
import tensorflow.compat.v1 as tf1

from parity.tf import behaviour
from parity.tf import slim as slim_tools
from testing.models import native_resnet_v2
from testing.models import slim_nets

# The first with the Keras that the rewrite is for.
CELLS_SINCE = "tf2.8"


def _plain(name: str) -> str:
  return name.partition(":")[0]


def _path(variable: Any) -> str:
  """The name with the layers; Keras 3 calls that the path."""
  return _plain(getattr(variable, "path", variable.name))


class NativeResnetTest(absltest.TestCase):
  @classmethod
  def setUpClass(cls) -> None:
    super().setUpClass()
    slim_tools.enable_tf_slim()

  def test_each_variable_is_one_of_tf_slims_with_its_shape(self):
    graph = tf1.Graph()
    with behaviour.tf1_behaviour(), graph.as_default():
      images = tf1.placeholder(tf1.float32, (2, 33, 33, 3))
      slim_nets.resnet_v2_50(images, False)
      wanted = {
        _plain(v.name): tuple(v.shape.as_list()) for v in tf1.global_variables()
      }
    layer = native_resnet_v2.ResNet(slim_nets.NUM_CLASSES)
    outputs = layer(np.zeros((2, 33, 33, 3), np.float32), training=False)
    found = {
      native_resnet_v2.tf1_name(_path(v)): tuple(v.shape)
      for v in layer.variables
    }
    self.assertEqual(found, wanted)
    self.assertEqual(outputs["logits"].shape, (2, 1, 1, slim_nets.NUM_CLASSES))

  def test_initial_weights_are_scaled_as_tf_slim_scales(self):
    with tf2.init_scope():
      value = native_resnet_v2.scaled_normal((3, 3, 64, 64)).numpy()
    wanted = (2 / (9 * 64)) ** 0.5
    # Drawn anew each time: a dozen times the spread of the deviation of 36,864.
    self.assertAlmostEqual(float(np.std(value)), wanted, delta=0.05 * wanted)


if __name__ == "__main__":
  absltest.main()
