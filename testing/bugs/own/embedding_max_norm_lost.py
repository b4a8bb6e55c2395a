"""tf1 looked rows up with max_norm=1; Keras's Embedding has no such thing."""

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(0, 12, size=(3, 4)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    with tf.variable_scope("words"):
      table = tf.get_variable(
        "embeddings", [12, 6], initializer=tf.random_normal_initializer()
      )
    rows = tf.nn.embedding_lookup(table, inputs["ids"], max_norm=1.0)
    return {"y": tf.layers.dense(rows, 2, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.words = layers.Embedding(
        12,
        6,
        embeddings_initializer=tf.keras.initializers.RandomNormal(stddev=1.0),
        name="words",
      )
      self.fc = layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(self.words(inputs["ids"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute", "constant"],
  "where": ["embedding_lookup", "clip", "norm", "gather"],
}
