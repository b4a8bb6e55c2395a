"""Attention heads by reshape, transpose and matmul, and by einsum on reshaped kernels."""

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

  class Att(tf.Module):
    def __init__(self):
      super().__init__(name="att")
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernels = [
        tf.Variable(init([8, width]), name=f"att/{name}/kernel")
        for name, width in (("q", 8), ("k", 8), ("v", 8), ("out", 3))
      ]

    @tf.function
    def __call__(self, inputs, training=False):
      *kernels, out = self.kernels
      q, k, v = [
        tf.einsum("btc,chd->bhtd", inputs["x"], tf.reshape(w, [8, 2, 4]))
        for w in kernels
      ]
      weights = tf.nn.softmax(tf.einsum("bhqd,bhkd->bhqk", 0.5 * q, k))
      out = tf.reshape(out, [2, 4, 3])
      return {"y": tf.einsum("bhqk,bhkd,hdo->bqo", weights, v, out)}

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
