"""Keras moved Adagrad's epsilon under the root in 2.11.

Until 2.10 the update is rate * gradient / (sqrt(sum) + epsilon), since then
rate * gradient / sqrt(sum + epsilon). Where the sum of squares is large, only
the latter agrees with TF1's rate * gradient / sqrt(sum). So this passes from
2.11 on, and fails before.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Large inputs make large gradients."""
  return {"x": 100 * rng.normal(size=(8, 4)).astype(np.float32)}


def tf1(inputs: Dict[str, Any], training: bool) -> Dict[str, Any]:
  """One linear layer."""
  import tensorflow.compat.v1 as tf

  del training
  with tf.variable_scope("net"):
    w = tf.get_variable("w", [4, 3], initializer=tf.ones_initializer())
  return {"y": tf.matmul(inputs["x"], w)}


def tf2() -> Any:
  """The same as a module."""
  import tensorflow as tf

  class Net(tf.Module):
    def __init__(self) -> None:
      super().__init__()
      self.w = tf.Variable(tf.ones([4, 3]), name="net/w")

    def __call__(
      self, inputs: Dict[str, Any], training: Any = None
    ) -> Dict[str, Any]:
      del training
      return {"y": tf.matmul(inputs["x"], self.w)}

  return Net()


def loss(outputs: Dict[str, Any], inputs: Dict[str, Any]) -> Any:
  """Mean square."""
  import tensorflow as tf

  del inputs
  return tf.reduce_mean(tf.square(outputs["y"]))


def tf1_optimizer() -> Any:
  """Has no epsilon."""
  import tensorflow.compat.v1 as tf

  return tf.train.AdagradOptimizer(10.0)


def tf2_optimizer() -> Any:
  """Its epsilon is small beside the sum of squares."""
  import tensorflow as tf

  return tf.keras.optimizers.Adagrad(
    10.0, initial_accumulator_value=0.1, epsilon=0.1
  )


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
