"""The running mean is float64 in the port, as NumPy made its first value; float32 in tf1."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    mean = tf.get_variable(
      "mean", [6], initializer=tf.zeros_initializer(), trainable=False
    )
    return {"y": tf.layers.dense(inputs["x"] - mean, 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def build(self, shapes):
      self.mean = self.add_weight(
        name="mean",
        shape=[6],
        dtype=tf.float64,
        initializer="zeros",
        trainable=False,
      )

    def call(self, inputs, training=False):
      centred = inputs["x"] - tf.cast(self.mean, tf.float32)
      return {"y": self.fc(centred)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_dtype",
  "accept": [],
  "where": ["net/mean"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
