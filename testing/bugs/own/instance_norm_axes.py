"""Instance norm takes its moments over the whole batch in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("style"):
    net = tf.layers.conv2d(inputs["x"], 4, 1, name="conv")
    mean, variance = tf.nn.moments(net, [1, 2], keep_dims=True)
    return {"y": (net - mean) * tf.rsqrt(variance + 1e-5)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Style(layers.Layer):
    def __init__(self):
      super().__init__(name="style")
      self.conv = layers.Conv2D(4, 1, name="conv")

    def call(self, inputs, training=False):
      net = self.conv(inputs["x"])
      mean, variance = tf.nn.moments(net, [0, 1, 2], keepdims=True)
      return {"y": (net - mean) * tf.math.rsqrt(variance + 1e-5)}

  return Style()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_attribute", "op_structure"],
  "where": ["mean", "moments"],
  "may_fail": ["constant_weights"],
}
