"""Local response normalisation with another radius."""

import numpy as np

import parity


def inputs(rng):
  return {"x": (3 * rng.normal(size=(2, 4, 4, 8))).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.conv2d(inputs["x"], 8, 1, name="conv")
  return {"y": tf.nn.lrn(net, 4, bias=1.0, alpha=0.1, beta=0.75)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.conv = layers.Conv2D(8, 1, name="conv")

    def call(self, inputs, training=False):
      return {
        "y": tf.nn.local_response_normalization(
          self.conv(inputs["x"]), 2, bias=1.0, alpha=0.1, beta=0.75
        )
      }

  return Net()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["depth_radius", "lrn"],
  "may_fail": ["constant_weights"],
}
