"""A decoder upsamples with align_corners=True; tf.image.resize has no such flag and samples at half pixels."""

import numpy as np

import parity


def inputs(rng):
  return {"code": rng.normal(size=(2, 4, 4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("decoder"):
    net = tf.layers.conv2d(
      inputs["code"], 4, 3, padding="same", activation=tf.nn.relu, name="conv"
    )
    net = tf.image.resize_bilinear(net, [8, 8], align_corners=True)
    return {"image": tf.layers.conv2d(net, 3, 1, name="rgb")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Decoder(layers.Layer):
    def __init__(self):
      super().__init__(name="decoder")
      self.conv = layers.Conv2D(
        4, 3, padding="same", activation="relu", name="conv"
      )
      self.rgb = layers.Conv2D(3, 1, name="rgb")

    def call(self, inputs, training=False):
      net = tf.image.resize(self.conv(inputs["code"]), [8, 8])
      return {"image": self.rgb(net)}

  return Decoder()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": ["constant", "op_structure"],
  "where": ["align_corners", "half_pixel", "resize"],
  "may_fail": ["constant_weights"],
}
