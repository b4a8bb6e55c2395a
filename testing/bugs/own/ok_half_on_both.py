"""Both sides go through float16 at the same place."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, name="fc")
    net = tf.cast(tf.cast(net, tf.float16), tf.float32)
    return {"y": tf.layers.dense(net, 3, name="head")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(5, name="fc")
      self.head = layers.Dense(3, name="head")

    def call(self, inputs, training=False):
      net = tf.cast(tf.cast(self.fc(inputs["x"]), tf.float16), tf.float32)
      return {"y": self.head(net)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["precision"],
}
