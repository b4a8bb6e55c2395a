"""Scaled attention: tf1 scales the queries, the port the logits, as an einsum."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 5, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("att"):
    q, k, v = [
      tf.layers.dense(inputs["x"], 8, use_bias=False, name=n) for n in "qkv"
    ]
    weights = tf.nn.softmax(tf.matmul(q * 8**-0.5, k, transpose_b=True))
    weights = tf.layers.dropout(weights, 0.1, training=training)
    return {"y": tf.matmul(weights, v)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Att(layers.Layer):
    def __init__(self):
      super().__init__(name="att")
      self.q, self.k, self.v = [
        layers.Dense(8, use_bias=False, name=n) for n in "qkv"
      ]
      self.drop = layers.Dropout(0.1)

    def call(self, inputs, training=False):
      q, k, v = [part(inputs["x"]) for part in (self.q, self.k, self.v)]
      weights = tf.nn.softmax(
        tf.einsum("bqd,bkd->bqk", q, k) / np.sqrt(8.0).astype(np.float32)
      )
      return {
        "y": tf.einsum("bqk,bkd->bqd", self.drop(weights, training=training), v)
      }

  return Att()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
