"""BasicLSTMCell by dynamic_rnn, and the same cell unrolled by hand in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  cell = tf.nn.rnn_cell.BasicLSTMCell(6)
  out, state = tf.nn.dynamic_rnn(cell, inputs["x"], dtype=tf.float32)
  return {"out": out, "c": state.c}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Cell(layers.Layer):
    def __init__(self):
      super().__init__(name="lstm")

    def build(self, shapes):
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = self.add_weight(
        name="kernel", shape=[10, 24], initializer=init
      )
      self.bias = self.add_weight(name="bias", shape=[24], initializer="zeros")

    def call(self, inputs, training=False):
      h = c = tf.zeros([3, 6])
      outs = []
      for x in tf.unstack(inputs["x"], axis=1):
        i, j, f, o = tf.split(
          tf.concat([x, h], 1) @ self.kernel + self.bias, 4, 1
        )
        c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
        h = tf.tanh(c) * tf.sigmoid(o)
        outs.append(h)
      return {"out": tf.stack(outs, 1), "c": c}

  return Cell()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("lstm/", "rnn/basic_lstm_cell/"),
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
