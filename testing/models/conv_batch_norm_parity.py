"""Is convolution with batch norm the same in Keras, moving averages too?

Small, so that its golden from TensorFlow 1.15 lies in `testing/goldens`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> np.ndarray:
  """Images, [4, 9, 9, 3]."""
  return rng.normal(size=(4, 9, 9, 3)).astype(np.float32)


def tf1(inputs: Any, training: bool) -> Any:
  """Convolution, batch norm, pooling and a dense layer; returns both ends."""
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.conv2d(
      inputs, 8, 3, strides=2, padding="same", use_bias=False, name="conv"
    )
    net = tf.layers.batch_normalization(
      net, momentum=0.9, training=training, name="norm"
    )
    features = tf.reduce_mean(tf.nn.relu(net), [1, 2])
    return tf.layers.dense(features, 5, name="logits"), {"features": features}


def tf2() -> Any:
  """The port, in Keras's own layers."""
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    """Its layers have tf1's names, below the name of this one."""

    def __init__(self) -> None:
      super().__init__(name="net")
      layers = tf.keras.layers
      self.conv = layers.Conv2D(
        8, 3, strides=2, padding="same", use_bias=False, name="conv"
      )
      self.norm = layers.BatchNormalization(momentum=0.9, name="norm")
      self.logits = layers.Dense(5, name="logits")

    def call(self, inputs: Any, training: bool = False) -> Any:
      """Runs the network."""
      net = self.norm(self.conv(inputs), training=training)
      features = tf.reduce_mean(tf.nn.relu(net), [1, 2])
      return self.logits(features), {"features": features}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
