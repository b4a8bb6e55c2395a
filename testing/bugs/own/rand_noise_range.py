"""Uniform noise around zero; the port's lies between zero and one."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, name="fc1")
    if training:
      net += 0.1 * tf.random_uniform([6, 6], -1.0, 1.0)
    return {"y": tf.nn.tanh(net)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, name="fc1")

    def call(self, inputs, training=False):
      net = self.fc1(inputs["x"])
      if training:
        net += 0.1 * tf.random.uniform([6, 6])
      return {"y": tf.nn.tanh(net)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "constant",
  "accept": ["op_structure", "random_op"],
  "where": ["uniform", "random", "mul", "sub", "add"],
}
