"""The layer is made in the first call, and kept: no variable is made again."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    return {"y": tf.layers.dense(inputs["x"], 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = None

    def call(self, inputs, training=False):
      if self.fc is None:
        self.fc = layers.Dense(3, name="fc")
      return {"y": self.fc(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["variable_recreated"],
}
