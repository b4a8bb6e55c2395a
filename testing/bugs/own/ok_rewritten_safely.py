"""The optimiser folds these constants too; powers of two lose nothing by it."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, name="fc")
    return {"y": (net * 8.0) * 0.25 + 1.0 - 1.0}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(5, name="fc")

    def call(self, inputs, training=False):
      return {"y": (self.fc(inputs["x"]) * 8.0) * 0.25 + 1.0 - 1.0}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["graph_rewrite"],
}
