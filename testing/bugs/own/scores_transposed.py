"""Attention scores by einsum, with query and key letters exchanged in the port; both lengths
are equal."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 5, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("mha"):
    q, k, v = [
      tf.reshape(tf.layers.dense(inputs["x"], 8, name=n), [2, 5, 2, 4]) for n in "qkv"]
    weights = tf.nn.softmax(tf.einsum("bqhd,bkhd->bhqk", q, k) * 0.5)
    return {"y": tf.reshape(tf.einsum("bhqk,bkhd->bqhd", weights, v), [2, 5, 8])}


def tf2():
  import tensorflow as tf

  class Mha(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="mha")
      self.q, self.k, self.v = [tf.keras.layers.Dense(8, name=n) for n in "qkv"]

    def call(self, inputs, training=False):
      q, k, v = [
        tf.reshape(layer(inputs["x"]), [-1, 5, 2, 4]) for layer in (self.q, self.k, self.v)]
      weights = tf.nn.softmax(tf.einsum("bqhd,bkhd->bhkq", q, k) * 0.5)
      return {"y": tf.reshape(tf.einsum("bhqk,bkhd->bqhd", weights, v), [-1, 5, 8])}

  return Mha()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": ["op_structure"],
  "where": ["einsum"],
}
