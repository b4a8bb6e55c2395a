"""dynamic_rnn with sequence_length: zero outputs and the last valid state; the port is an
unrolled loop with tf.where."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32),
          "n": np.array([5, 2, 3], np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("enc"):
    cell = tf.nn.rnn_cell.BasicRNNCell(6)
    outputs, state = tf.nn.dynamic_rnn(
      cell, inputs["x"], sequence_length=inputs["n"], dtype=tf.float32)
  return {"outputs": outputs, "state": state}


def tf2():
  import tensorflow as tf

  class Enc(tf.Module):
    def __init__(self):
      super().__init__()
      root = "enc/rnn/basic_rnn_cell/"
      self.kernel = tf.Variable(tf.compat.v1.glorot_uniform_initializer()([10, 6]), name=root + "kernel")
      self.bias = tf.Variable(tf.zeros([6]), name=root + "bias")

    def __call__(self, inputs, training=False):
      state = tf.zeros([3, 6])
      outputs = []
      for t in range(5):
        new = tf.tanh(tf.concat([inputs["x"][:, t], state], 1) @ self.kernel + self.bias)
        live = (t < inputs["n"])[:, None]
        state = tf.where(live, new, state)
        outputs.append(tf.where(live, new, 0.0))
      return {"outputs": tf.stack(outputs, 1), "state": state}

  return Enc()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
