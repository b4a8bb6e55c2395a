"""An orthogonal recurrent matrix whose gain of sqrt(2) was lost."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    gain = np.sqrt(2.0)
    return {
      "y": tf.layers.dense(
        inputs["x"], 6, tf.nn.relu, name="fc",
        kernel_initializer=tf.orthogonal_initializer(gain),
      )
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(
        6, "relu", name="fc", kernel_initializer="orthogonal"
      )

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "initializer",
  "accept": [],
  "where": ["fc/kernel"],
}
