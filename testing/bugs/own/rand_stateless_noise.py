"""The port's noise is stateless with a fixed seed: the same on every step."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 3, name="fc")
    if training:
      net += 0.1 * tf.random_normal([6, 3])
    return {"y": net}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      net = self.fc(inputs["x"])
      if training:
        net += 0.1 * tf.random.stateless_normal([6, 3], seed=[1, 2])
      return {"y": net}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_op",
  "accept": ["op_structure"],
  "where": ["random", "stateless", "normal"],
}
