"""Squared distances of large vectors: float32 rounds them differently by formula; nothing is wrong."""

import numpy as np

import parity


def inputs(rng):
  return {
    "a": (300 * rng.normal(size=(4, 64))).astype(np.float32),
    "b": (300 * rng.normal(size=(5, 64))).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  a, b = inputs["a"], inputs["b"]
  cross = tf.matmul(a, b, transpose_b=True)
  return {
    "d": tf.reduce_sum(a * a, 1)[:, None] - 2 * cross + tf.reduce_sum(b * b, 1),
    "y": tf.layers.dense(a, 2, name="fc"),
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      a, b = inputs["a"], inputs["b"]
      return {
        "d": tf.reduce_sum(tf.math.squared_difference(a[:, None], b[None]), -1),
        "y": self.fc(a),
      }

  return Net()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": "rounding",
  "accept": [],
  "where": [],
}
