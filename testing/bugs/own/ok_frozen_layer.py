"""A frozen layer: trainable=False in tf1's call, set on the layer in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, trainable=False, name="frozen")
    return {"y": tf.layers.dense(tf.nn.relu(net), 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.frozen = layers.Dense(5, "relu", name="frozen")
      self.frozen.trainable = False
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(self.frozen(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["variable_trainable"],
}
