"""A normal initializer of 1/sqrt(fan_in); the port divides by the fan itself."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    init = tf.random_normal_initializer(stddev=5.0**-0.5)
    return {"y": tf.layers.dense(inputs["x"], 3, kernel_initializer=init, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      init = tf.keras.initializers.RandomNormal(stddev=1.0 / 5.0)
      self.fc = layers.Dense(3, kernel_initializer=init, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "initializer",
  "accept": ["constant"],
  "where": ["net/fc/kernel"],
}
