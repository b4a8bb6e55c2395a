"""Attention over a memory: tf.keras.layers.Attention wants [query, value, key], and is given
[query, key, value]."""
import numpy as np
import parity


def inputs(rng):
  return {
    "query": rng.normal(size=(2, 4, 5)).astype(np.float32),
    "memory": rng.normal(size=(2, 6, 5)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("reader", initializer=tf.glorot_uniform_initializer()):
    q = tf.layers.dense(inputs["query"], 8, use_bias=False, name="query")
    k = tf.layers.dense(inputs["memory"], 8, use_bias=False, name="key")
    v = tf.layers.dense(inputs["memory"], 8, use_bias=False, name="value")
    weights = tf.nn.softmax(tf.matmul(q, k, transpose_b=True))
    read = tf.matmul(weights, v)
    return {"answer": tf.layers.dense(tf.concat([q, read], -1), 3, name="out")}


def tf2():
  import tensorflow as tf

  keras, glorot = tf.keras.layers, tf.compat.v1.glorot_uniform_initializer

  class Reader(keras.Layer):
    def __init__(self):
      super().__init__(name="reader")
      self.query, self.key, self.value = [
        keras.Dense(8, use_bias=False, kernel_initializer=glorot(), name=n)
        for n in ("query", "key", "value")
      ]
      self.attention = keras.Attention()
      self.out = keras.Dense(3, kernel_initializer=glorot(), name="out")

    def call(self, inputs, training=False):
      q = self.query(inputs["query"])
      k = self.key(inputs["memory"])
      v = self.value(inputs["memory"])
      read = self.attention([q, k, v], training=training)
      return {"answer": self.out(tf.concat([q, read], -1))}

  return Reader()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "may_fail": ["random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute", "constant"],
  "where": ["attention", "matmul"],
}
