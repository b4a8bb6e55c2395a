"""GRUCell computes reset and update gate in one product, in this order; the hand-written
step of the port splits them the other way round."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 4, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("enc"):
    _, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), inputs["x"], dtype=tf.float32)
  return {"state": state}


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Encoder(tf.Module):
    def __init__(self):
      super().__init__()
      glorot = v1.glorot_uniform_initializer()
      root = "enc/rnn/gru_cell/"
      self.gates = tf.Variable(glorot([9, 8]), name=root + "gates/kernel")
      self.gates_bias = tf.Variable(tf.ones([8]), name=root + "gates/bias")
      self.candidate = tf.Variable(glorot([9, 4]), name=root + "candidate/kernel")
      self.candidate_bias = tf.Variable(tf.zeros([4]), name=root + "candidate/bias")

    def __call__(self, inputs, training=False):
      x = inputs["x"]
      state = tf.zeros([tf.shape(x)[0], 4])
      for step in tf.unstack(x, axis=1):
        gates = tf.sigmoid(tf.concat([step, state], 1) @ self.gates + self.gates_bias)
        update, reset = tf.split(gates, 2, axis=1)
        new = tf.tanh(
          tf.concat([step, reset * state], 1) @ self.candidate + self.candidate_bias)
        state = update * state + (1 - update) * new
      return {"state": state}

  return Encoder()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "op_structure",
  "accept": [],
  "where": ["gru_cell", "enc/rnn", "split"],
}
