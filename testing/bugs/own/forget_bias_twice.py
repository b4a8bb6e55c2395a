"""The forget bias of 1 stands in the bias variable and in the step as well."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(3, 4)).astype(np.float32),
    "h": rng.normal(size=(3, 5)).astype(np.float32),
    "c": rng.normal(size=(3, 5)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  cell = tf.nn.rnn_cell.BasicLSTMCell(5, forget_bias=1.0, name="lstm")
  out, new = cell(
    inputs["x"], tf.nn.rnn_cell.LSTMStateTuple(inputs["c"], inputs["h"])
  )
  return {"h": out, "c": new.c}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Cell(layers.Layer):
    def __init__(self):
      super().__init__(name="lstm")

    def build(self, shapes):
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = self.add_weight(
        name="kernel", shape=[9, 20], initializer=init
      )
      self.bias = self.add_weight(name="bias", shape=[20], initializer="zeros")

    def call(self, inputs, training=False):
      gates = (
        tf.matmul(tf.concat([inputs["x"], inputs["h"]], 1), self.kernel)
        + self.bias
      )
      i, j, f, o = tf.split(gates, 4, 1)
      c = inputs["c"] * tf.sigmoid(f + 2.0) + tf.sigmoid(i) * tf.tanh(j)
      return {"h": tf.tanh(c) * tf.sigmoid(o), "c": c}

  return Cell()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": [],
  "where": ["lstm", "add"],
}
