"""Both sides give their dropout an explicit seed."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, name="fc1")
    net = tf.layers.dropout(net, 0.4, seed=11, training=training)
    return {"y": tf.layers.dense(net, 3, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, name="fc1")
      self.drop = layers.Dropout(0.4, seed=11)
      self.fc2 = layers.Dense(3, name="fc2")

    def call(self, inputs, training=False):
      net = self.drop(self.fc1(inputs["x"]), training=training)
      return {"y": self.fc2(net)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
