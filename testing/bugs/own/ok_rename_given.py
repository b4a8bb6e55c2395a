"""Other names throughout, and the case says which is which."""

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
      self.first = layers.Dense(5, "tanh", name="first")
      self.second = layers.Dense(3, name="second")

    def call(self, inputs, training=False):
      return {"y": self.second(self.first(inputs["x"]))}

  return Net()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename={
    "net/first/kernel": "net/hidden/kernel",
    "net/first/bias": "net/hidden/bias",
    "net/second/kernel": "net/score/kernel",
    "net/second/bias": "net/score/bias",
  },
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["variable_renamed", "variable_missing", "variable_extra"],
}
