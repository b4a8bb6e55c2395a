"""tf1 projects onto its embedding table; the port made a matrix of its own for that."""

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(0, 8, size=(4, 3)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("lm"):
    table = tf.get_variable("table", [8, 4])
    net = tf.reduce_mean(tf.nn.embedding_lookup(table, inputs["ids"]), 1)
    return {"y": tf.matmul(net, table, transpose_b=True)}


def tf2():
  import tensorflow as tf

  class Lm(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="lm")

    def build(self, shapes):
      glorot = "glorot_uniform"
      self.table = self.add_weight(name="table", shape=[8, 4], initializer=glorot)
      self.out = self.add_weight(name="out", shape=[4, 8], initializer=glorot)

    def call(self, inputs, training=False):
      net = tf.reduce_mean(tf.gather(self.table, inputs["ids"]), 1)
      return {"y": tf.matmul(net, self.out)}

  return Lm()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_extra",
  "accept": [],
  "where": ["lm/out"],
  "may_fail": ["constant_weights", "random_inference", "random_training", "random_functional"],
}
