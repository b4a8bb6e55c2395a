"""Labels start from 1; tf1 subtracts one before the lookup, the port does not."""

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(1, 9, size=(3, 4)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("emb"):
    table = tf.get_variable(
      "table", [9, 5], initializer=tf.random_uniform_initializer(-1, 1)
    )
    return {"y": tf.gather(table, inputs["ids"] - 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Emb(layers.Layer):
    def __init__(self):
      super().__init__(name="emb")

    def build(self, shapes):
      init = tf.compat.v1.random_uniform_initializer(-1, 1)
      self.table = self.add_weight(name="table", shape=[9, 5], initializer=init)

    def call(self, inputs, training=False):
      return {"y": tf.gather(self.table, inputs["ids"])}

  return Emb()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["sub", "gather"],
}
