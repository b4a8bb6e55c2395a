"""x * sigmoid(x), and the op with a gradient of its own."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 4)).astype(np.float32),
  }

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, name="fc1")
    return {"y": tf.layers.dense(net * tf.sigmoid(net), 4, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, name="fc1")
      self.fc2 = layers.Dense(4, name="fc2")

    def call(self, inputs, training=False):
      return {"y": self.fc2(tf.nn.swish(self.fc1(inputs["x"])))}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
