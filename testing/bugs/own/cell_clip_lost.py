"""LSTMCell clipped its memory at 0.3; the port's step, unrolled by hand, lost that."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(0.0, 2.0, size=(3, 4, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  cell = tf.nn.rnn_cell.LSTMCell(6, cell_clip=0.3, name="cell")
  out, _ = tf.nn.dynamic_rnn(cell, inputs["x"], dtype=tf.float32)
  return {"out": out}


def tf2():
  import tensorflow as tf

  class Rnn(tf.Module):
    def __init__(self):
      super().__init__(name="rnn")
      with tf.name_scope("rnn/cell"):
        init = tf.compat.v1.glorot_uniform_initializer()
        self.kernel = tf.Variable(init([11, 24]), name="kernel")
        self.bias = tf.Variable(tf.zeros([24]), name="bias")

    @tf.function
    def __call__(self, inputs, training=False):
      h = c = tf.zeros([3, 6])
      outs = []
      for x in tf.unstack(inputs["x"], axis=1):
        gates = tf.concat([x, h], 1) @ self.kernel + self.bias
        i, j, f, o = tf.split(gates, 4, axis=1)
        c = tf.sigmoid(f + 1.0) * c + tf.sigmoid(i) * tf.tanh(j)
        h = tf.sigmoid(o) * tf.tanh(c)
        outs.append(h)
      return {"out": tf.stack(outs, axis=1)}

  return Rnn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["clip", "minimum", "maximum", "rnn/cell", "while"],
}
