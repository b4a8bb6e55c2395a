"""Keras builds the head first, since call uses it first; the same ops, other draws."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, tf.nn.relu, name="body")
    skip = tf.layers.dense(inputs["x"], 2, name="skip")
    return {"y": tf.layers.dense(net, 2, name="head") + skip}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.body, self.skip = (
        layers.Dense(5, "relu", name="body"),
        layers.Dense(2, name="skip"),
      )
      self.head = layers.Dense(2, name="head")

    def call(self, inputs, training=False):
      skip = self.skip(inputs["x"])
      return {"y": self.head(self.body(inputs["x"])) + skip}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "random_order",
  "accept": [],
  "where": ["skip", "body"],
}
