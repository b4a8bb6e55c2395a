"""A causal filter by hand: the port convolves with the kernel as it is, tf1 flipped it."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 9, 2)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("fir"):
    w = tf.get_variable(
      "taps", [4, 2, 3], initializer=tf.glorot_uniform_initializer()
    )
    x = tf.pad(inputs["x"], [[0, 0], [3, 0], [0, 0]])
    return {"y": tf.nn.conv1d(x, tf.reverse(w, [0]), 1, "VALID")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Fir(layers.Layer):
    def __init__(self):
      super().__init__(name="fir")

    def build(self, shapes):
      init = tf.compat.v1.glorot_uniform_initializer()
      self.taps = self.add_weight(
        name="taps", shape=[4, 2, 3], initializer=init
      )

    def call(self, inputs, training=False):
      x = tf.pad(inputs["x"], [[0, 0], [3, 0], [0, 0]])
      return {"y": tf.nn.conv1d(x, self.taps, 1, "VALID")}

  return Fir()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["reverse", "conv"],
}
