"""The port draws its noise after the dropout mask; what it computes is the same."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, tf.nn.relu, name="fc1")
    if training:
      noise = tf.random_normal([4, 6], stddev=0.1)
      net = tf.nn.dropout(net, rate=0.3) + noise
    return {"y": tf.layers.dense(net, 3, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, "relu", name="fc1")
      self.drop = layers.Dropout(0.3)
      self.noise = layers.GaussianNoise(0.1)
      self.fc2 = layers.Dense(3, name="fc2")

    def call(self, inputs, training=False):
      net = self.drop(self.fc1(inputs["x"]), training=training)
      return {"y": self.fc2(self.noise(net, training=training))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": [],
  "cause": "random_order",
  "accept": ["random_op"],
  "where": ["random", "dropout", "noise"],
  "may_fail": ["random_functional"],
}
