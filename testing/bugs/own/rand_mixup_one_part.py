"""Mixup: tf1 draws a part for each example, the port one for the batch."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    x = inputs["x"]
    if training:
      part = tf.random_uniform([6, 1])
      x = part * x + (1.0 - part) * tf.reverse(x, [0])
    return {"y": tf.layers.dense(x, 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      x = inputs["x"]
      if training:
        part = tf.random.uniform([])
        x = part * x + (1.0 - part) * x[::-1]
      return {"y": self.fc(x)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_op",
  "accept": ["op_structure", "constant"],
  "where": ["random_uniform", "RandomUniform"],
}
