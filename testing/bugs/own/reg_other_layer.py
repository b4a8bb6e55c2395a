"""The port penalises the second of two layers of one shape; tf1 the first."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    l2 = tf.keras.regularizers.l2(0.1)
    net = tf.layers.dense(inputs["x"], 5, name="fc1", kernel_regularizer=l2)
    return {"y": tf.layers.dense(net, 5, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      l2 = tf.keras.regularizers.l2(0.1)
      self.fc1 = layers.Dense(5, name="fc1")
      self.fc2 = layers.Dense(5, name="fc2", kernel_regularizer=l2)

    def call(self, inputs, training=False):
      return {"y": self.fc2(self.fc1(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "regularization",
  "accept": [],
  "where": ["fc1", "fc2"],
}
