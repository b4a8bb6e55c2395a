"""Scaled dot-product attention loses the scale."""

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
    logits = tf.matmul(q, k, transpose_b=True) / np.sqrt(8.0)
    return {"y": tf.matmul(tf.nn.softmax(logits), v)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Att(layers.Layer):
    def __init__(self):
      super().__init__(name="att")
      self.q, self.k, self.v = [
        layers.Dense(8, use_bias=False, name=n) for n in "qkv"
      ]

    def call(self, inputs, training=False):
      q, k, v = [part(inputs["x"]) for part in (self.q, self.k, self.v)]
      return {
        "y": tf.matmul(tf.nn.softmax(tf.matmul(q, k, transpose_b=True)), v)
      }

  return Att()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["truediv", "realdiv"],
}
