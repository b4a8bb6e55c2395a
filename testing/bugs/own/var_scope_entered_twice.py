"""tf1 enters its scope twice, so the second layer is below net_1; the port has one scope."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope(None, default_name="net"):
    net = tf.layers.dense(inputs["x"], 4, name="fc1")
  with tf.variable_scope(None, default_name="net"):
    return {"y": tf.layers.dense(net, 3, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(4, name="fc1")
      self.fc2 = layers.Dense(3, name="fc2")

    def call(self, inputs, training=False):
      return {"y": self.fc2(self.fc1(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_renamed",
  "accept": ["variable_missing", "variable_extra"],
  "where": ["net_1/fc2"],
  "may_fail": ["constant_weights", "random_inference", "random_training", "random_functional"],
}
