"""A Keras cell under layers.RNN: the classifier reads the memory c, where tf1 read the state h."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    cell = tf.nn.rnn_cell.LSTMCell(6, name="cell")
    _, state = tf.nn.dynamic_rnn(
      cell, inputs["x"], dtype=tf.float32, scope="rnn"
    )
    return {"y": tf.layers.dense(state.h, 3, name="head")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Cell(layers.Layer):
    state_size = [6, 6]
    output_size = 6

    def build(self, shape):
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = self.add_weight(
        name="kernel", shape=[10, 24], initializer=init
      )
      self.bias = self.add_weight(name="bias", shape=[24], initializer="zeros")

    def call(self, x, states, training=False):
      h, c = states
      gates = tf.concat([x, h], 1) @ self.kernel + self.bias
      i, j, f, o = tf.split(gates, 4, axis=1)
      c = tf.sigmoid(f + 1.0) * c + tf.sigmoid(i) * tf.tanh(j)
      h = tf.sigmoid(o) * tf.tanh(c)
      return h, [h, c]

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.rnn = layers.RNN(Cell(name="cell"), return_state=True, name="rnn")
      self.head = layers.Dense(3, name="head")

    def call(self, inputs, training=False):
      _, _, c = self.rnn(inputs["x"])
      return {"y": self.head(c)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["head", "rnn", "while"],
}
