"""A home-made norm divides by sqrt(v + eps); the rewrite by sqrt(v) + eps."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 10)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, name="fc")
    mean, variance = tf.nn.moments(net, [1], keep_dims=True)
    return {"x": (net - mean) / tf.sqrt(variance + 1e-2)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(6, name="fc")

    def call(self, inputs, training=False):
      net = self.fc(inputs["x"])
      mean, variance = tf.nn.moments(net, [1], keepdims=True)
      return {"x": (net - mean) / (tf.sqrt(variance) + 1e-2)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["sqrt", "add"],
  "may_fail": ["constant_weights"],
}
