"""A counter that is int64 on both sides, and cast where it is used."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    seen = tf.get_variable(
      "seen", [], tf.int64, initializer=tf.zeros_initializer(), trainable=False
    )
    net = tf.layers.dense(inputs["x"], 3, name="fc")
    return {"y": net * tf.cast(seen + 1, tf.float32)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def build(self, shapes):
      self.seen = self.add_weight(
        name="seen",
        shape=[],
        dtype=tf.int64,
        initializer="zeros",
        trainable=False,
      )

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"]) * tf.cast(self.seen + 1, tf.float32)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["variable_dtype"],
}
