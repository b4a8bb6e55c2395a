"""Nearest-neighbour upsampling became UpSampling2D(interpolation="bilinear")."""

import numpy as np

import parity


def inputs(rng):
  return {"code": rng.normal(size=(2, 4, 4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("up"):
    net = tf.layers.conv2d(
      inputs["code"], 4, 1, activation=tf.tanh, name="conv"
    )
    return {"image": tf.image.resize_nearest_neighbor(net, [8, 8])}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Up(layers.Layer):
    def __init__(self):
      super().__init__(name="up")
      self.conv = layers.Conv2D(4, 1, activation="tanh", name="conv")
      self.grow = layers.UpSampling2D(2, interpolation="bilinear")

    def call(self, inputs, training=False):
      return {"image": self.grow(self.conv(inputs["code"]))}

  return Up()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["resize"],
}
