"""Quantised features with a straight-through gradient; the port just rounds."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 4)).astype(np.float32),
  }

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("q"):
    net = 4.0 * tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="fc1")
    net = net + tf.stop_gradient(tf.round(net) - net)
    return {"y": tf.layers.dense(net, 4, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="q")
      self.fc1 = layers.Dense(6, "tanh", name="fc1")
      self.fc2 = layers.Dense(4, name="fc2")

    def call(self, inputs, training=False):
      return {"y": self.fc2(tf.round(4.0 * self.fc1(inputs["x"])))}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["round", "q/fc1"],
}
