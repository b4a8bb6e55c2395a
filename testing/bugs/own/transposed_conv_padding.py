"""A transposed convolution with SAME became VALID and a crop at the wrong corner."""

import numpy as np

import parity


def inputs(rng):
  return {"code": rng.normal(size=(2, 4, 4, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("gen"):
    return {
      "y": tf.layers.conv2d_transpose(
        inputs["code"], 2, 3, 2, padding="same", name="up"
      )
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Gen(layers.Layer):
    def __init__(self):
      super().__init__(name="gen")
      self.up = layers.Conv2DTranspose(2, 3, 2, padding="valid", name="up")

    def call(self, inputs, training=False):
      return {"y": self.up(inputs["code"])[:, 1:, 1:]}

  return Gen()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": ["op_structure"],
  "where": ["padding", "gen/up"],
}
