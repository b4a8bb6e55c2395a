"""Layer norm by moments in tf1, Keras's LayerNormalization with the same epsilon in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("norm"):
    gamma = tf.get_variable("gamma", [8], initializer=tf.ones_initializer())
    beta = tf.get_variable("beta", [8], initializer=tf.zeros_initializer())
    mean, variance = tf.nn.moments(inputs["x"], [-1], keep_dims=True)
    return {
      "y": (inputs["x"] - mean) * tf.rsqrt(variance + 1e-6) * gamma + beta
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Norm(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.norm = layers.LayerNormalization(epsilon=1e-6, name="norm")

    def call(self, inputs, training=False):
      return {"y": self.norm(inputs["x"])}

  return Norm()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["constant"],
}
