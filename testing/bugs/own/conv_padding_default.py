"""A conv stem: tf1 passed padding="same", the Keras layer keeps its default, valid."""

import numpy as np

import parity


def inputs(rng):
  return {"image": rng.normal(size=(2, 9, 9, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("stem"):
    net = tf.layers.conv2d(
      inputs["image"], 4, 3, padding="same", activation=tf.nn.relu, name="conv"
    )
    net = tf.reduce_mean(net, [1, 2])
    return {"features": net}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Stem(layers.Layer):
    def __init__(self):
      super().__init__(name="stem")
      self.conv = layers.Conv2D(4, 3, activation="relu", name="conv")

    def call(self, inputs, training=None):
      return {"features": tf.reduce_mean(self.conv(inputs["image"]), [1, 2])}

  return Stem()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["padding", "stem/conv"],
}
