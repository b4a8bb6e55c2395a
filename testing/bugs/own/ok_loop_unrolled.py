"""A while_loop in tf1, Python's loop in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("graph"):
    w = tf.get_variable(
      "w", [6, 6], initializer=tf.glorot_uniform_initializer()
    )
    step = lambda i, h: [i + 1, tf.tanh(tf.matmul(h, w)) + inputs["x"]]
    return {"h": tf.while_loop(lambda i, h: i < 4, step, [0, inputs["x"]])[1]}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Graph(layers.Layer):
    def __init__(self):
      super().__init__(name="graph")

    def build(self, shapes):
      self.w = self.add_weight(
        name="w", shape=[6, 6], initializer="glorot_uniform"
      )

    def call(self, inputs, training=False):
      h = inputs["x"]
      for _ in range(4):
        h = tf.tanh(tf.matmul(h, self.w)) + inputs["x"]
      return {"h": h}

  return Graph()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
