"""Keras names the layers by itself: dense and dense_1, where tf1 says hidden and score."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, tf.nn.tanh, name="hidden")
    return {"y": tf.layers.dense(net, 3, name="score")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.first, self.second = layers.Dense(5, "tanh"), layers.Dense(3)

    def call(self, inputs, training=False):
      return {"y": self.second(self.first(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_renamed",
  "accept": ["variable_missing"],
  "where": ["net/hidden/kernel", "net/score/kernel"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
