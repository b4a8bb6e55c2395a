"""A truncated normal of He's deviation; Keras's he_normal makes up for what truncation takes."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  init = tf.truncated_normal_initializer(stddev=np.sqrt(2.0 / 5.0))
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
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "initializer",
  "accept": [],
  "where": ["net/fc1/kernel"],
}
