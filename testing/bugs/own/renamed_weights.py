"""The port's layer calls its matrix `kernel`, tf1 called it `weights`; no rename is given."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    w = tf.get_variable(
      "weights", [6, 3], initializer=tf.glorot_uniform_initializer()
    )
    return {"y": tf.matmul(inputs["x"], w)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")

    def build(self, shapes):
      self.kernel = self.add_weight(
        name="kernel", shape=[6, 3], initializer="glorot_uniform"
      )

    def call(self, inputs, training=False):
      return {"y": tf.matmul(inputs["x"], self.kernel)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_renamed",
  "accept": ["variable_missing"],
  "where": ["net/weights", "net/kernel"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
