"""A Dense layer of the port has the policy mixed_float16."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 16)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 16, tf.nn.relu, name="fc")
    return {"y": tf.layers.dense(net, 3, name="out")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(16, "relu", dtype="mixed_float16", name="fc")
      self.out = layers.Dense(3, name="out")

    def call(self, inputs, training=False):
      return {"y": self.out(self.fc(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "precision",
  "accept": [],
  "where": ["fc", "float16"],
  "may_fail": ["constant_weights"],
}
