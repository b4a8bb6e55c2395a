"""TF1 fed its recurrent net time-major; batch and time have one length here, so that nobody saw
the port forget the transposition."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 4, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = tf.transpose(inputs["x"], [1, 0, 2])
  with tf.variable_scope("enc"):
    _, state = tf.nn.dynamic_rnn(
      tf.nn.rnn_cell.GRUCell(5), x, time_major=True, dtype=tf.float32)
  return {"state": state}


def tf2():
  import tensorflow as tf

  class Enc(tf.Module):
    def __init__(self):
      super().__init__()
      glorot = tf.compat.v1.glorot_uniform_initializer()
      root = "enc/rnn/gru_cell/"
      self.gates = tf.Variable(glorot([8, 10]), name=root + "gates/kernel")
      self.gates_bias = tf.Variable(tf.ones([10]), name=root + "gates/bias")
      self.candidate = tf.Variable(glorot([8, 5]), name=root + "candidate/kernel")
      self.candidate_bias = tf.Variable(tf.zeros([5]), name=root + "candidate/bias")

    def __call__(self, inputs, training=False):
      state = tf.zeros([4, 5])
      for step in tf.unstack(inputs["x"], axis=0):
        gates = tf.sigmoid(tf.concat([step, state], 1) @ self.gates + self.gates_bias)
        r, u = tf.split(gates, 2, axis=1)
        c = tf.tanh(tf.concat([step, r * state], 1) @ self.candidate + self.candidate_bias)
        state = u * state + (1 - u) * c
      return {"state": state}

  return Enc()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["transpose", "unpack", "unstack", "tensorarray"],
}
