"""A slope of 0.20002 for 0.2: hardly more than rounding would be, and no rounding."""

import numpy as np

import parity


def inputs(rng):
  return {"x": 20.0 * rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, name="fc")
    return {"y": tf.nn.leaky_relu(net, 0.2)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(5, name="fc")

    def call(self, inputs, training=False):
      return {"y": tf.nn.leaky_relu(self.fc(inputs["x"]), 0.20002)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "may_fail": ["constant_weights"],
  "cause": "op_attribute",
  "accept": ["constant"],
  "where": ["LeakyRelu"],
  "twin_of": ["rounding"],
}
