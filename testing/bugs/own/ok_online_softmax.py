"""Attention in one product in TF1; the port goes over keys in chunks with a running maximum,
as memory-efficient attention does, in a tf.function."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 8, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("att"):
    q, k, v = [tf.layers.dense(inputs["x"], 6, name=n) for n in "qkv"]
    return {"y": tf.matmul(tf.nn.softmax(tf.matmul(q, k, transpose_b=True) * 6 ** -0.5), v)}


def tf2():
  import tensorflow as tf

  class Attention(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="att")
      self.q, self.k, self.v = [tf.keras.layers.Dense(6, name=n) for n in "qkv"]

    def call(self, inputs, training=False):
      q, k, v = [layer(inputs["x"]) for layer in (self.q, self.k, self.v)]
      q = q / tf.sqrt(6.0)
      top = tf.fill([2, 8, 1], -np.inf)
      total = tf.zeros([2, 8, 1])
      mixed = tf.zeros([2, 8, 6])
      for start in range(0, 8, 4):
        logits = tf.einsum("bqd,bkd->bqk", q, k[:, start:start + 4])
        new = tf.maximum(top, tf.reduce_max(logits, -1, keepdims=True))
        weights = tf.exp(logits - new)
        keep = tf.exp(top - new)
        total = total * keep + tf.reduce_sum(weights, -1, keepdims=True)
        mixed = mixed * keep + weights @ v[:, start:start + 4]
        top = new
      return {"y": mixed / total}

  return Attention()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
