"""The gate's bias starts from 1 in tf1, from 0 in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("highway"):
    gate = tf.layers.dense(
      inputs["x"],
      6,
      tf.sigmoid,
      bias_initializer=tf.ones_initializer(),
      name="gate",
    )
    return {"y": gate * inputs["x"]}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Highway(layers.Layer):
    def __init__(self):
      super().__init__(name="highway")
      self.gate = layers.Dense(6, "sigmoid", name="gate")

    def call(self, inputs, training=False):
      return {"y": self.gate(inputs["x"]) * inputs["x"]}

  return Highway()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "initializer",
  "accept": [],
  "where": ["gate/bias"],
}
