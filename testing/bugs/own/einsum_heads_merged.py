"""The port's einsum hands the heads on inside each feature; tf1 put whole heads side by side."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 5, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = inputs["x"]
  with tf.variable_scope("att"):
    q, k, v = [
      tf.transpose(
        tf.reshape(tf.layers.dense(x, 8, use_bias=False, name=n), [2, 5, 2, 4]),
        [0, 2, 1, 3],
      )
      for n in ("q", "k", "v")
    ]
    weights = tf.nn.softmax(tf.matmul(q, k, transpose_b=True) * 0.5)
    heads = tf.transpose(tf.matmul(weights, v), [0, 2, 1, 3])
    merged = tf.reshape(heads, [2, 5, 8])
    return {"y": tf.layers.dense(merged, 3, use_bias=False, name="out")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Att(layers.Layer):
    def __init__(self):
      super().__init__(name="att")
      self.q, self.k, self.v = [
        layers.Dense(8, use_bias=False, name=n) for n in ("q", "k", "v")
      ]
      self.out = layers.Dense(3, use_bias=False, name="out")

    def call(self, inputs, training=False):
      q, k, v = [
        tf.reshape(part(inputs["x"]), [2, 5, 2, 4])
        for part in (self.q, self.k, self.v)
      ]
      weights = tf.nn.softmax(tf.einsum("bqhd,bkhd->bhqk", q, k) * 0.5)
      heads = tf.einsum("bhqk,bkhd->bqdh", weights, v)
      return {"y": self.out(tf.reshape(heads, [2, 5, 8]))}

  return Att()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute", "constant"],
  "where": ["einsum", "transpose", "reshape"],
  "may_fail": [],
}
