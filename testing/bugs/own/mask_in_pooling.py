"""Embedding(mask_zero=True) hands its mask on to GlobalAveragePooling1D; TF1 averaged over all."""
import numpy as np
import parity


def inputs(rng):
  return {"ids": np.array([[3, 4, 0, 0], [5, 1, 2, 0]], np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  table = tf.get_variable("emb/embeddings", [8, 5], initializer=tf.random_uniform_initializer(-1, 1))
  net = tf.nn.embedding_lookup(table, inputs["ids"])
  return {"y": tf.layers.dense(tf.reduce_mean(net, 1), 2, name="fc")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers
  v1 = tf.compat.v1

  class Text(layers.Layer):
    def __init__(self):
      super().__init__(name="text")
      self.emb = layers.Embedding(
        8, 5, mask_zero=True, embeddings_initializer=v1.random_uniform_initializer(-1, 1),
        name="emb")
      self.pool = layers.GlobalAveragePooling1D()
      self.fc = layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(self.pool(self.emb(inputs["ids"])))}

  return Text()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("text/")[-1])
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["mean", "pool", "notequal", "sum"],
}
