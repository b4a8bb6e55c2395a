"""A step counter is int64 in tf1, int32 in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    step = tf.get_variable(
      "seen", [], tf.int64, initializer=tf.zeros_initializer(), trainable=False
    )
    net = tf.layers.dense(inputs["x"], 3, name="fc")
    return {"y": net * tf.cast(step + 1, tf.float32)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")

    def build(self, shapes):
      self.seen = self.add_weight(
        name="seen",
        shape=[],
        dtype=tf.int32,
        initializer="zeros",
        trainable=False,
      )
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"]) * tf.cast(self.seen + 1, tf.float32)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_dtype",
  "accept": [],
  "where": ["net/seen"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
