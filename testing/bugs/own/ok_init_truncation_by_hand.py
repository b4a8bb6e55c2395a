"""A truncated normal whose deviation makes up for the truncation by hand, as he_normal does."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  init = tf.truncated_normal_initializer(stddev=np.sqrt(2.0 / 5.0) / 0.87962566103423978)
  with tf.variable_scope("net"):
    net = tf.layers.dense(
      inputs["x"], 8, tf.nn.relu, kernel_initializer=init, name="fc1"
    )
    return {"y": tf.layers.dense(net, 3, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(
        8, "relu", kernel_initializer="he_normal", name="fc1"
      )
      self.fc2 = layers.Dense(3, name="fc2")

    def call(self, inputs, training=False):
      return {"y": self.fc2(self.fc1(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["initializer"],
}
