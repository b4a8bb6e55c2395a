"""A fused batch norm of tf.layers and its formula by hand, the unbiased moving variance included."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(3, 5, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.batch_normalization(
    inputs["x"], momentum=0.9, epsilon=1e-3, training=training, name="bn"
  )
  return {"y": net}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Norm(layers.Layer):
    def __init__(self):
      super().__init__(name="bn")

    def build(self, shapes):
      self.gamma = self.add_weight(name="gamma", shape=[4], initializer="ones")
      self.beta = self.add_weight(name="beta", shape=[4], initializer="zeros")
      self.moving_mean = self.add_weight(
        name="moving_mean", shape=[4], initializer="zeros", trainable=False
      )
      self.moving_variance = self.add_weight(
        name="moving_variance", shape=[4], initializer="ones", trainable=False
      )

    def call(self, inputs, training=False):
      x = inputs["x"]
      mean, variance = self.moving_mean, self.moving_variance
      if training:
        mean, variance = tf.nn.moments(x, [0, 1, 2])
        self.moving_mean.assign_sub(0.1 * (self.moving_mean - mean))
        self.moving_variance.assign_sub(
          0.1 * (self.moving_variance - variance * (75 / 74))
        )
      return {
        "y": (x - mean) / tf.sqrt(variance + 1e-3) * self.gamma + self.beta
      }

  return Norm()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
