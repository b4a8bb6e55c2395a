"""Standardised features: tf1's moments divide by n, the port's reduce by n - 1."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(3.0, 2.0, size=(5, 7)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  mean, variance = tf.nn.moments(inputs["x"], [0])
  net = (inputs["x"] - mean) * tf.rsqrt(variance + 1e-5)
  return {"y": tf.layers.dense(net, 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(tf.keras.Model):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      x = inputs["x"]
      mean = tf.reduce_mean(x, 0)
      variance = tf.reduce_sum(tf.square(x - mean), 0) / 4.0
      return {"y": self.fc((x - mean) * tf.math.rsqrt(variance + 1e-5))}

  return Net()


CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=tf2, rename=lambda name: name.replace("net/", "")
)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["sum", "div", "mean", "variance"],
}
