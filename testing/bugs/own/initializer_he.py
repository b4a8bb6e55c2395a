"""kernel_initializer="he_uniform" in the port where tf.layers' default is glorot."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 16, activation=tf.nn.relu, name="fc1")
    return {"y": tf.layers.dense(net, 3, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(
        16, "relu", kernel_initializer="he_uniform", name="fc1"
      )
      self.fc2 = layers.Dense(3, name="fc2")

    def call(self, inputs, training=False):
      return {"y": self.fc2(self.fc1(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "initializer",
  "accept": [],
  "where": ["fc1/kernel"],
}
