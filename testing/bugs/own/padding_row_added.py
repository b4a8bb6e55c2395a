"""The port's table has a row more, for the padding token that tf1 kept at row 0."""

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(0, 10, size=(3, 7)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    table = tf.get_variable(
      "table", [10, 4], initializer=tf.random_normal_initializer(stddev=0.5)
    )
    return {
      "y": tf.reduce_mean(tf.nn.embedding_lookup(table, inputs["ids"]), 1)
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")

    def build(self, shapes):
      self.table = self.add_weight(
        name="table",
        shape=[11, 4],
        initializer=tf.compat.v1.random_normal_initializer(stddev=0.5),
      )

    def call(self, inputs, training=False):
      return {"y": tf.reduce_mean(tf.gather(self.table, inputs["ids"]), 1)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_shape",
  "accept": [],
  "where": ["net/table"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
