"""An L1 penalty on the table reaches tf1's loss only; the port records it, and forgets it."""

import numpy as np

import parity


def inputs(rng):
  return {
    "ids": rng.randint(0, 7, size=(4, 3)).astype(np.int32),
    "target": rng.normal(size=(4, 2)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    with tf.variable_scope("words"):
      table = tf.get_variable(
        "embeddings",
        [7, 5],
        initializer=tf.random_uniform_initializer(-0.5, 0.5),
        regularizer=tf.keras.regularizers.l1(0.02),
      )
    net = tf.reduce_mean(tf.nn.embedding_lookup(table, inputs["ids"]), axis=1)
    return {"y": tf.layers.dense(net, 2, name="fc")}


def tf2():
  import tensorflow as tf

  v1 = tf.compat.v1
  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.words = layers.Embedding(
        7,
        5,
        embeddings_initializer=v1.random_uniform_initializer(-0.5, 0.5),
        embeddings_regularizer=tf.keras.regularizers.L1(0.02),
        name="words",
      )
      self.fc = layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(tf.reduce_mean(self.words(inputs["ids"]), axis=1))}

  return Net()


def loss(outputs, inputs):
  import tensorflow.compat.v1 as tf

  terms = [tf.reduce_sum(tf.square(outputs["y"] - inputs["target"]))]
  terms += tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
  return tf.add_n(terms)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "regularization",
  "accept": [],
  "where": ["words/embeddings", "loss"],
}
