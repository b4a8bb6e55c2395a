"""A head whose loss has weight zero: tf1 leaves it out, the port multiplies by zero."""

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
    net = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="fc1")
    y = tf.layers.dense(net, 4, name="fc2")
    aux = tf.layers.dense(net, 4, name="aux")
    return {"y": y, "aux": tf.stop_gradient(aux)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, "tanh", name="fc1")
      self.aux = layers.Dense(4, name="aux")
      self.fc2 = layers.Dense(4, name="fc2")

    def call(self, inputs, training=False):
      net = self.fc1(inputs["x"])
      return {"y": self.fc2(net), "aux": self.aux(net)}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  main = tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))
  return main + 0.0 * tf.reduce_mean(tf.square(outputs["aux"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
