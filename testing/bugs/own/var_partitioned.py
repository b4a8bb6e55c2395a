"""A table in two partitions in tf1; the port has it in one piece."""

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(0, 10, size=(4, 3)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("words"):
    table = tf.get_variable(
      "table", [10, 4], partitioner=tf.fixed_size_partitioner(2)
    )
    rows = tf.nn.embedding_lookup(table, inputs["ids"], partition_strategy="div")
    return {"y": tf.reduce_mean(rows, 1)}


def tf2():
  import tensorflow as tf

  class Words(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="words")

    def build(self, shapes):
      self.table = self.add_weight(
        name="table", shape=[10, 4], initializer="glorot_uniform"
      )

    def call(self, inputs, training=False):
      return {"y": tf.reduce_mean(tf.gather(self.table, inputs["ids"]), 1)}

  return Words()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_missing",
  "accept": ["variable_extra", "variable_renamed", "variable_shape"],
  "where": ["words/table"],
  "may_fail": ["constant_weights", "random_inference", "random_training", "random_functional"],
}
