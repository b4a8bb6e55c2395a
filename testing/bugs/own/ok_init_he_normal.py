"""variance_scaling_initializer(2.0) is what Keras calls he_normal."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  he = tf.variance_scaling_initializer(2.0)
  with tf.variable_scope("net", initializer=he):
    net = tf.layers.dense(inputs["x"], 6, tf.nn.relu, name="fc1")
    return {"y": tf.layers.dense(net, 3, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(
        6, "relu", name="fc1", kernel_initializer="he_normal"
      )
      self.fc2 = layers.Dense(3, name="fc2", kernel_initializer="he_normal")

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
