"""A deep recurrent net wraps its second cell in ResidualWrapper; the port leaves the sum out."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 3, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  cell = tf.nn.rnn_cell.MultiRNNCell([
    tf.nn.rnn_cell.BasicRNNCell(4),
    tf.nn.rnn_cell.ResidualWrapper(tf.nn.rnn_cell.BasicRNNCell(4))])
  with tf.variable_scope("deep"):
    outputs, _ = tf.nn.dynamic_rnn(cell, inputs["x"], dtype=tf.float32)
  return {"y": outputs}


def tf2():
  import tensorflow as tf

  class Deep(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      root = "deep/rnn/multi_rnn_cell/cell_%d/basic_rnn_cell/"
      self.kernels, self.biases = [], []
      for i in range(2):
        self.kernels.append(tf.Variable(init([8, 4]), name=root % i + "kernel"))
        self.biases.append(tf.Variable(tf.zeros([4]), name=root % i + "bias"))

    def __call__(self, inputs, training=False):
      states = [tf.zeros([2, 4]), tf.zeros([2, 4])]
      outputs = []
      for net in tf.unstack(inputs["x"], axis=1):
        for i in range(2):
          net = tf.tanh(tf.concat([net, states[i]], 1) @ self.kernels[i] + self.biases[i])
          states[i] = net
        outputs.append(net)
      return {"y": tf.stack(outputs, 1)}

  return Deep()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training"],
  "cause": "op_structure",
  "accept": [],
  "where": ["add", "cell_1"],
}
