"""The port keeps its blocks in a closure, where tf.Module cannot see them."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.dense(inputs["x"], 5, tf.nn.relu, name="fc1")
  return {"y": tf.layers.dense(net, 2, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  fc1 = layers.Dense(5, "relu", name="fc1")

  class Net(tf.Module):
    def __init__(self):
      super().__init__(name="net")
      self.fc2 = layers.Dense(2, name="fc2")

    def __call__(self, inputs, training=False):
      return {"y": self.fc2(fc1(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_missing",
  "accept": [],
  "where": ["fc1/kernel"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
