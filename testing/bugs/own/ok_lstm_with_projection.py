"""LSTMCell with projection by dynamic_rnn, unrolled by hand in a tf.function."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 4, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("lm"):
    cell = tf.nn.rnn_cell.LSTMCell(5, num_proj=3)
    outputs, state = tf.nn.dynamic_rnn(cell, inputs["x"], dtype=tf.float32)
  return {"y": outputs, "c": state.c}


def tf2():
  import tensorflow as tf

  class Lm(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      root = "lm/rnn/lstm_cell/"
      self.kernel = tf.Variable(init([6, 20]), name=root + "kernel")
      self.bias = tf.Variable(tf.zeros([20]), name=root + "bias")
      self.projection = tf.Variable(init([5, 3]), name=root + "projection/kernel")

    @tf.function
    def __call__(self, inputs, training=False):
      h, c = tf.zeros([2, 3]), tf.zeros([2, 5])
      outputs = []
      for step in tf.unstack(inputs["x"], axis=1):
        i, j, f, o = tf.split(tf.concat([step, h], 1) @ self.kernel + self.bias, 4, 1)
        c = tf.sigmoid(1.0 + f) * c + tf.tanh(j) * tf.sigmoid(i)
        h = (tf.tanh(c) * tf.sigmoid(o)) @ self.projection
        outputs.append(h)
      return {"y": tf.stack(outputs, 1), "c": c}

  return Lm()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
