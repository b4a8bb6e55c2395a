"""Embeddings times sqrt(d), as in the Transformer; the Keras Embedding returns them bare."""

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(0, 11, size=(3, 4)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("embed"):
    table = tf.get_variable(
      "embeddings",
      [11, 8],
      initializer=tf.random_normal_initializer(stddev=0.3),
    )
    return {"y": tf.nn.embedding_lookup(table, inputs["ids"]) * 8**0.5}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  init = tf.compat.v1.random_normal_initializer(stddev=0.3)

  class Embed(layers.Layer):
    def __init__(self):
      super().__init__(name="")
      self.table = layers.Embedding(
        11, 8, embeddings_initializer=init, name="embed"
      )

    def call(self, inputs, training=False):
      return {"y": self.table(inputs["ids"])}

  return Embed()


CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=tf2, rename=lambda name: "embed/embeddings"
)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["mul"],
}
