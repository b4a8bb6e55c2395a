"""Does Inception-ResNet-v2 train the same below the shim? Three updates.

Its loss, gradients and momentum against Keras's SGD. The network amplifies
rounding: what differs beyond the tolerance must be within the noise that is
measured. It takes minutes, and so is tagged `heavy` and checked on its own:

  python -m parity check testing/models/inception_resnet_v2_training_parity.py
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np

import parity

_CLASSES = 10


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Two random images, [2, 299, 299, 3], with labels."""
  return {
    "images": rng.uniform(-1.0, 1.0, size=(2, 299, 299, 3)).astype(np.float32),
    "labels": rng.randint(0, _CLASSES, size=2).astype(np.int32),
  }


def tf1(inputs: Dict[str, Any], training: bool) -> Tuple[Any, Dict[str, Any]]:
  """The TF1.x network; returns its logits and the auxiliary ones."""
  from testing.models import inception_resnet_v2

  logits, end_points = inception_resnet_v2.inception_resnet_v2(
    inputs["images"], _CLASSES, training
  )
  return logits, {"aux": end_points["AuxLogits"]}


def tf2() -> Any:
  """The same function in a Keras layer."""
  from testing.models import inception_resnet_v2_layer

  class Net(inception_resnet_v2_layer.InceptionResnetV2Layer):
    """Takes the images out of the case's inputs."""

    def call(
      self, inputs: Dict[str, Any], training: bool = False
    ) -> Tuple[Any, Dict[str, Any]]:
      """Runs the network."""
      logits, end_points = super().call(inputs["images"], training=training)
      return logits, {"aux": end_points["AuxLogits"]}

  return Net(_CLASSES)


def loss(outputs: Tuple[Any, Dict[str, Any]], inputs: Dict[str, Any]) -> Any:
  """The mean cross entropy, with 0.4 of that of the auxiliary logits."""
  import tensorflow as tf

  logits, end_points = outputs
  main, aux = (
    tf.reduce_mean(
      tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=inputs["labels"], logits=each
      )
    )
    for each in (logits, end_points["aux"])
  )
  return main + 0.4 * aux


def tf1_optimizer() -> Any:
  """Momentum as TF1.x has it."""
  import tensorflow.compat.v1 as tf

  return tf.train.MomentumOptimizer(0.01, 0.9)


def tf2_optimizer() -> Any:
  """Momentum as Keras has it."""
  import tensorflow as tf

  return tf.keras.optimizers.SGD(0.01, momentum=0.9)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
  steps=("gradients", "optimizer"),
  tags=("heavy",),
)
