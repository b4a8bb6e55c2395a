"""SAME at stride 2 on an odd size is symmetric padding and VALID; the port pads by hand."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 9, 9, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("stem"):
    net = tf.layers.conv2d(inputs["x"], 4, 3, 2, padding="same", name="conv")
    return {"y": tf.nn.leaky_relu(net, 0.1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Stem(layers.Layer):
    def __init__(self):
      super().__init__(name="stem")
      self.pad, self.conv = (
        layers.ZeroPadding2D(1),
        layers.Conv2D(4, 3, 2, name="conv"),
      )

    def call(self, inputs, training=False):
      net = self.conv(self.pad(inputs["x"]))
      return {"y": tf.maximum(net, 0.1 * net)}

  return Stem()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["op_attribute"],
}
