"""A fixed table of positions is trainable in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("pos"):
    table = tf.get_variable(
      "table", [6], initializer=tf.ones_initializer(), trainable=False
    )
    return {"y": tf.layers.dense(inputs["x"] + table, 3, name="fc")}


def tf2():
  import tensorflow as tf

  class Pos(tf.Module):
    def __init__(self):
      super().__init__(name="pos")
      with self.name_scope:
        self.table = tf.Variable(tf.ones([6]), name="table")
        init = tf.compat.v1.glorot_uniform_initializer()
        self.kernel = tf.Variable(init([6, 3]), name="fc/kernel")
        self.bias = tf.Variable(tf.zeros([3]), name="fc/bias")

    def __call__(self, inputs, training=False):
      return {"y": tf.matmul(inputs["x"] + self.table, self.kernel) + self.bias}

  return Pos()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_trainable",
  "accept": [],
  "where": ["pos/table"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
