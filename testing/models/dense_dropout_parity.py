"""Are a penalised dense layer and dropout the same below the shim?

Small, so that its golden from TensorFlow 1.15 lies in `testing/goldens`.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Features, [8, 6]."""
  return {"features": rng.normal(size=(8, 6)).astype(np.float32)}


def tf1(inputs: Dict[str, Any], training: bool) -> Dict[str, Any]:
  """Two dense layers, dropout between them, the first kernel penalised."""
  import tensorflow.compat.v1 as tf

  def penalty(kernel: Any) -> Any:
    return 0.01 * tf.nn.l2_loss(kernel)

  with tf.variable_scope("net"):
    net = tf.layers.dense(
      inputs["features"],
      16,
      activation=tf.nn.relu,
      kernel_regularizer=penalty,
      name="hidden",
    )
    net = tf.layers.dropout(net, 0.4, training=training)
    logits = tf.layers.dense(net, 4, name="logits")
  return {"hidden": net, "logits": logits, "classes": tf.argmax(logits, 1)}


def tf2() -> Any:
  """The same function below the shim."""
  import tensorflow as tf

  class Port(tf.keras.layers.Layer):
    """Calls the TF1.x function."""

    @tf.compat.v1.keras.utils.track_tf1_style_variables
    def call(
      self, inputs: Dict[str, Any], training: bool = False
    ) -> Dict[str, Any]:
      """Runs the network."""
      return tf1(inputs, training)

  return Port()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
