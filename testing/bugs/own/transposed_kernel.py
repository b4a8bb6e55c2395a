"""A tied square projection is applied transposed."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("tied"):
    w = tf.get_variable(
      "w", [6, 6], initializer=tf.glorot_uniform_initializer()
    )
    hidden = tf.tanh(tf.matmul(inputs["x"], w))
    return {"x": tf.matmul(hidden, w, transpose_b=True)}


def tf2():
  import tensorflow as tf

  class Tied(tf.Module):
    def __init__(self):
      super().__init__(name="tied")
      init = tf.compat.v1.glorot_uniform_initializer()
      with self.name_scope:
        self.w = tf.Variable(init([6, 6]), name="w")

    def __call__(self, inputs, training=False):
      return {"x": tf.matmul(tf.tanh(tf.matmul(inputs["x"], self.w)), self.w)}

  return Tied()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": ["op_structure"],
  "where": ["transpose"],
}
