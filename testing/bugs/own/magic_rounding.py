"""Rounding by adding and taking away 1.5 * 2**23: the graph optimiser folds the two constants into none."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = 4.0 * tf.layers.dense(inputs["x"], 5, name="fc")
    magic = tf.constant(12582912.0)
    return {"steps": (net + magic) - magic}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(5, name="fc")

    def call(self, inputs, training=False):
      net = 4.0 * self.fc(inputs["x"])
      magic = tf.constant(12582912.0)
      return {"steps": (net + magic) - magic}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "graph_rewrite",
  "accept": [],
  "where": ["steps", "sub"],
}
