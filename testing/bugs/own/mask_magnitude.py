"""Attention bias of -1e9 for padding; the port, thinking of float16, takes -1e4. One query
of the batch sees padding only."""
import numpy as np
import parity


def inputs(rng):
  mask = np.ones((2, 4), np.float32)
  mask[0, 2:] = 0
  mask[1] = 0
  return {"x": rng.normal(size=(2, 4, 6)).astype(np.float32), "mask": mask}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("att"):
    q = tf.layers.dense(inputs["x"], 6, use_bias=False, name="q")
    k = tf.layers.dense(inputs["x"], 6, use_bias=False, name="k")
    logits = tf.matmul(q, k, transpose_b=True)
    logits += (1.0 - inputs["mask"])[:, None, :] * -1e9
    return {"weights": tf.nn.softmax(logits)}


def tf2():
  import tensorflow as tf

  class Attention(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="att")
      self.q = tf.keras.layers.Dense(6, use_bias=False, name="q")
      self.k = tf.keras.layers.Dense(6, use_bias=False, name="k")

    def call(self, inputs, training=False):
      x = inputs["x"]
      logits = tf.einsum("bqd,bkd->bqk", self.q(x), self.k(x))
      logits += (1.0 - inputs["mask"])[:, tf.newaxis] * -1e4
      return {"weights": tf.nn.softmax(logits, axis=-1)}

  return Attention()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "may_fail": ["constant_weights"],
  "cause": "constant",
  "accept": [],
  "where": ["mul"],
}
