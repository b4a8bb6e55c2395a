"""How do TF-Slim's published networks run in TF2 unchanged? In a shim layer."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

import tensorflow as tf

from testing.models import slim_eager
from testing.models import slim_nets


class SlimNetLayer(tf.keras.layers.Layer):
  """One of `slim_nets` as a Keras layer: images to (logits, end points)."""

  def __init__(self, network: slim_nets.Network, **kwargs: Any) -> None:
    super().__init__(**kwargs)
    self.network = network

  @tf.compat.v1.keras.utils.track_tf1_style_variables
  def call(
    self, inputs: tf.Tensor, training: Optional[bool] = False
  ) -> Tuple[tf.Tensor, Dict[str, Any]]:
    """Runs the network; `training` is a Python value."""
    with slim_eager.eager_collections():
      return self.network(inputs, bool(training))
