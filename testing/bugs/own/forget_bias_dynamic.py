"""dynamic_rnn over BasicLSTMCell(forget_bias=0.0), as PTB has it; the hand-written port keeps
the usual 1.0."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 4, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("lm"):
    cell = tf.nn.rnn_cell.BasicLSTMCell(4, forget_bias=0.0)
    outputs, _ = tf.nn.dynamic_rnn(cell, inputs["x"], dtype=tf.float32)
  return {"outputs": outputs}


def tf2():
  import tensorflow as tf

  class Lm(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = tf.Variable(init([9, 16]), name="lm/rnn/basic_lstm_cell/kernel")
      self.bias = tf.Variable(tf.zeros([16]), name="lm/rnn/basic_lstm_cell/bias")

    def __call__(self, inputs, training=False):
      h = c = tf.zeros([3, 4])
      outputs = []
      for step in tf.unstack(inputs["x"], axis=1):
        i, j, f, o = tf.split(tf.concat([step, h], 1) @ self.kernel + self.bias, 4, 1)
        c = tf.sigmoid(f + 1.0) * c + tf.sigmoid(i) * tf.tanh(j)
        h = tf.sigmoid(o) * tf.tanh(c)
        outputs.append(h)
      return {"outputs": tf.stack(outputs, 1)}

  return Lm()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["basic_lstm_cell", "forget", "add"],
}
