"""GRUCell by dynamic_rnn, and the same step by hand with split kernels in a Python loop."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 4, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("enc"):
    outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), inputs["x"], dtype=tf.float32)
  return {"outputs": outputs, "state": state}


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

    @tf.function
    def __call__(self, inputs, training=False):
      x = inputs["x"]
      state = tf.zeros([x.shape[0], 4])
      states = []
      for t in range(x.shape[1]):
        both = x[:, t] @ self.gates[:5] + state @ self.gates[5:] + self.gates_bias
        r, u = tf.sigmoid(both[:, :4]), tf.sigmoid(both[:, 4:])
        c = tf.tanh(x[:, t] @ self.candidate[:5] + (r * state) @ self.candidate[5:]
                    + self.candidate_bias)
        state = c + u * (state - c)
        states.append(state)
      return {"outputs": tf.stack(states, 1), "state": state}

  return Encoder()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
