"""dynamic_rnn stops at each sequence's length; the Keras RNN of the port runs through the padding."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(3, 5, 4)).astype(np.float32),
    "length": np.array([2, 5, 3], np.int32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  cell = tf.nn.rnn_cell.BasicRNNCell(6)
  with tf.variable_scope("enc"):
    return {
      "state": tf.nn.dynamic_rnn(
        cell, inputs["x"], inputs["length"], dtype=tf.float32
      )[1]
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Enc(layers.Layer):
    def __init__(self):
      super().__init__(name="enc")

    def build(self, shapes):
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = self.add_weight(
        name="rnn/basic_rnn_cell/kernel", shape=[10, 6], initializer=init
      )
      self.bias = self.add_weight(
        name="rnn/basic_rnn_cell/bias", shape=[6], initializer="zeros"
      )

    def call(self, inputs, training=False):
      state = tf.zeros([3, 6])
      for t in range(5):
        state = tf.tanh(
          tf.matmul(tf.concat([inputs["x"][:, t], state], 1), self.kernel)
          + self.bias
        )
      return {"state": state}

  return Enc()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["rnn", "while"],
  "may_fail": ["constant_weights"],
}
