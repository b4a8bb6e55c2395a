"""truncated_normal_initializer(0.02) became RandomNormal(0.02)."""

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(0, 9, size=(3, 4)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("bert"):
    table = tf.get_variable(
      "word", [9, 6], initializer=tf.truncated_normal_initializer(stddev=0.5)
    )
    return {"y": tf.tanh(tf.gather(table, inputs["ids"]))}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Bert(layers.Layer):
    def __init__(self):
      super().__init__(name="bert")

    def build(self, shapes):
      init = tf.keras.initializers.RandomNormal(stddev=0.5)
      self.word = self.add_weight(name="word", shape=[9, 6], initializer=init)

    def call(self, inputs, training=False):
      return {"y": tf.tanh(tf.gather(self.word, inputs["ids"]))}

  return Bert()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "initializer",
  "accept": ["random_op"],
  "where": ["bert/word"],
}
