"""get_variable's default is Glorot's; a Keras Embedding draws from (-0.05, 0.05)."""

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(0, 10, size=(4, 3)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("words/emb"):
    table = tf.get_variable("embeddings", [10, 4])
  return {"y": tf.reduce_mean(tf.nn.embedding_lookup(table, inputs["ids"]), 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Words(layers.Layer):
    def __init__(self):
      super().__init__(name="words")
      self.emb = layers.Embedding(10, 4, name="emb")

    def call(self, inputs, training=False):
      return {"y": tf.reduce_mean(self.emb(inputs["ids"]), 1)}

  return Words()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "initializer",
  "accept": ["random_op"],
  "where": ["embeddings"],
}
