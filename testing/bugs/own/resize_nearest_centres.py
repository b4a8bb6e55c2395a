"""TF1's nearest resize takes the corner of a pixel; tf.image.resize, and Keras, its centre."""

import numpy as np

import parity


def inputs(rng):
  return {"image": rng.normal(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    small = tf.image.resize_nearest_neighbor(inputs["image"], [4, 4])
    return {"y": tf.layers.conv2d(small, 4, 3, padding="same", name="conv")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.conv = layers.Conv2D(4, 3, padding="same", name="conv")

    def call(self, inputs, training=False):
      small = tf.image.resize(inputs["image"], [4, 4], method="nearest")
      return {"y": self.conv(small)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["nearest"],
}
