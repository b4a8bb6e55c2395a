"""A temporal difference with its operands swapped."""

import numpy as np

import parity


def inputs(rng):
  return {
    "now": rng.normal(size=(4, 5)).astype(np.float32),
    "next": rng.normal(size=(4, 5)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("td", reuse=tf.AUTO_REUSE):
    a = tf.layers.dense(inputs["now"], 3, name="value")
    b = tf.layers.dense(inputs["next"], 3, name="value")
    return {"delta": tf.nn.sigmoid(b - a)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Td(layers.Layer):
    def __init__(self):
      super().__init__(name="td")
      self.value = layers.Dense(3, name="value")

    def call(self, inputs, training=False):
      a, b = self.value(inputs["now"]), self.value(inputs["next"])
      return {"delta": tf.nn.sigmoid(a - b)}

  return Td()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["sub"],
}
