"""Padding of attention by -1e9 in TF1, by tf.where and minus infinity in the port; no row is all
padding."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 4, 6)).astype(np.float32),
          "keep": np.array([[1, 1, 0, 0], [1, 1, 1, 0]], bool)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("att"):
    q = tf.layers.dense(inputs["x"], 6, name="q")
    bias = (1.0 - tf.to_float(inputs["keep"]))[:, None] * -1e9
    return {"w": tf.nn.softmax(tf.matmul(q, inputs["x"], transpose_b=True) + bias)}


def tf2():
  import tensorflow as tf

  class Att(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="att")
      self.q = tf.keras.layers.Dense(6, name="q")

    def call(self, inputs, training=False):
      logits = tf.einsum("bqd,bkd->bqk", self.q(inputs["x"]), inputs["x"])
      return {"w": tf.nn.softmax(tf.where(inputs["keep"][:, None], logits, -np.inf))}

  return Att()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
