"""The guard inside the logarithm is 1e-8 in tf1, 1e-3 in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("ent"):
    p = tf.nn.softmax(tf.layers.dense(inputs["x"], 5, name="fc"))
    return {"entropy": -tf.reduce_sum(p * tf.log(p + 1e-8), 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Ent(layers.Layer):
    def __init__(self):
      super().__init__(name="ent")
      self.fc = layers.Dense(5, "softmax", name="fc")

    def call(self, inputs, training=False):
      p = self.fc(inputs["x"])
      return {"entropy": -tf.reduce_sum(p * tf.math.log(p + 1e-3), 1)}

  return Ent()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": [],
  "where": ["add"],
}
