"""dynamic_rnn starts from zeros; the port of the decoder starts from ones, as its unit test did."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 4, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("dec"):
    cell = tf.nn.rnn_cell.BasicRNNCell(4)
    outputs, _ = tf.nn.dynamic_rnn(cell, inputs["x"], dtype=tf.float32)
  return {"y": outputs}


def tf2():
  import tensorflow as tf

  class Dec(tf.Module):
    def __init__(self):
      super().__init__()
      root = "dec/rnn/basic_rnn_cell/"
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = tf.Variable(init([9, 4]), name=root + "kernel")
      self.bias = tf.Variable(tf.zeros([4]), name=root + "bias")

    def __call__(self, inputs, training=False):
      state = tf.ones([3, 4])
      outputs = []
      for t in range(4):
        state = tf.tanh(tf.concat([inputs["x"][:, t], state], 1) @ self.kernel + self.bias)
        outputs.append(state)
      return {"y": tf.stack(outputs, axis=1)}

  return Dec()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["concat", "zeros", "fill", "basic_rnn_cell"],
}
