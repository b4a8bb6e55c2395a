"""Darknet's leaky ReLU, tf.maximum(0.1 x, x), in a while the port says tf.nn.leaky_relu(x)."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("dn"):
    net = tf.layers.conv2d(inputs["x"], 4, 3, name="c")
    return {"y": tf.maximum(0.1 * net, net)}


def tf2():
  import tensorflow as tf

  class Dn(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="dn")
      self.c = tf.keras.layers.Conv2D(4, 3, activation=tf.nn.leaky_relu, name="c")

    def call(self, inputs, training=False):
      return {"y": self.c(inputs["x"])}

  return Dn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_attribute"],
  "where": ["leaky", "alpha"],
}
