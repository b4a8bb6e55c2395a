"""TensorFlow stopped raising the epsilon of fused batch norm in 2.12.

Until 2.11 `tf.compat.v1.nn.fused_batch_norm` took 1.001e-5, which old cuDNN
asked for, wherever less was given; since then it takes what it is given. Where
the variance is of that size, the result is another. So a port that is given
TF1's own epsilon passes until 2.11, and fails from 2.12 on.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Images of little contrast, whose variance is about epsilon."""
  return {"images": 3e-3 * rng.normal(size=(4, 6, 6, 3)).astype(np.float32)}


def tf1(inputs: Dict[str, Any], training: bool) -> Dict[str, Any]:
  """One normalisation, by the moments of the batch in training."""
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.batch_normalization(
      inputs["images"], epsilon=1e-5, training=training, fused=True, name="norm"
    )
  return {"net": net}


def tf2() -> Any:
  """The same as a layer of Keras."""
  import tensorflow as tf

  class Net(tf.keras.Model):
    def __init__(self) -> None:
      super().__init__(name="net")
      self.norm = tf.keras.layers.BatchNormalization(
        epsilon=1e-5, momentum=0.99, name="norm"
      )

    def call(
      self, inputs: Dict[str, Any], training: Any = None
    ) -> Dict[str, Any]:
      return {"net": self.norm(inputs["images"], training=training)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
