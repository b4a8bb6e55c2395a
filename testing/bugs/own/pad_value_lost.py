"""Scores were padded with -9 before a max over windows; the port pads them with zeros."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(-2.0, 1.0, size=(2, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    padded = tf.pad(inputs["x"], [[0, 0], [1, 1], [0, 0]], constant_values=-9.0)
    best = tf.layers.max_pooling1d(padded, 3, 1)
    return {"y": tf.layers.dense(best, 2, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.pad = layers.ZeroPadding1D(1)
      self.pool = layers.MaxPooling1D(3, 1)
      self.fc = layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(self.pool(self.pad(inputs["x"])))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_structure", "op_attribute"],
  "where": ["pad"],
}
