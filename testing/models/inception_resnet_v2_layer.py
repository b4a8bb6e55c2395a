"""How does Inception-ResNet-v2 run in TF2 unchanged? In a shim layer.

The layer is the validation guide's: the TF1.x function itself, below
`track_tf1_style_variables`, which keeps the variables and the regularisation
losses of `tf.compat.v1.get_variable` on the layer.
"""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

import tensorflow as tf

from testing.models import inception_resnet_v2

BLOCK35_SCALE = 0.17
BLOCK17_SCALE = 0.10
BLOCK8_SCALE = 0.20


class InceptionResnetV2Layer(tf.keras.layers.Layer):
  """Inception-ResNet-v2 as a Keras layer: images to (logits, end points)."""

  def __init__(
    self,
    num_classes: int,
    *,
    block8_scale: inception_resnet_v2.Scale = BLOCK8_SCALE,
    **kwargs: Any,
  ) -> None:
    super().__init__(**kwargs)
    self.num_classes = num_classes
    self.block8_scale = block8_scale

  @tf.compat.v1.keras.utils.track_tf1_style_variables
  def call(
    self, inputs: tf.Tensor, training: Optional[bool] = False
  ) -> Tuple[tf.Tensor, Dict[str, tf.Tensor]]:
    """Runs the network.

    Args:
      inputs: [batch, 299, 299, 3], float32.
      training: batch statistics and dropout on; a Python value.
    """
    return inception_resnet_v2.inception_resnet_v2(
      inputs,
      self.num_classes,
      is_training=bool(training),
      block35_scale=BLOCK35_SCALE,
      block17_scale=BLOCK17_SCALE,
      block8_scale=self.block8_scale,
    )
