"""SpatialDropout1D in the port where tf1 dropped single elements."""

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(0, 9, size=(3, 4)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("text"):
    table = tf.get_variable(
      "table", [9, 6], initializer=tf.random_uniform_initializer(-1, 1)
    )
    net = tf.nn.embedding_lookup(table, inputs["ids"])
    net = tf.layers.dropout(net, 0.25, training=training)
    return {"y": tf.layers.dense(net, 2, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Text(layers.Layer):
    def __init__(self):
      super().__init__(name="text")
      self.drop, self.fc = (
        layers.SpatialDropout1D(0.25),
        layers.Dense(2, name="fc"),
      )

    def build(self, shapes):
      init = tf.compat.v1.random_uniform_initializer(-1, 1)
      self.table = self.add_weight(name="table", shape=[9, 6], initializer=init)

    def call(self, inputs, training=False):
      net = tf.nn.embedding_lookup(self.table, inputs["ids"])
      return {"y": self.fc(self.drop(net, training=training))}

  return Text()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_op",
  "accept": [],
  "where": ["dropout"],
}
