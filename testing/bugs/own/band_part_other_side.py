"""Causal mask by matrix_band_part(-1, 0); the port keeps the upper triangle."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 5, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("attn"):
    q = tf.layers.dense(inputs["x"], 6, name="q")
    k = tf.layers.dense(inputs["x"], 6, name="k")
    mask = tf.matrix_band_part(tf.ones([5, 5]), -1, 0)
    w = tf.matmul(q, k, transpose_b=True) * mask - 1e10 * (1 - mask)
    return {"w": tf.nn.softmax(w)}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Attn(layers.Layer):
    def __init__(self):
      super().__init__(name="attn")
      self.q, self.k = layers.Dense(6, name="q"), layers.Dense(6, name="k")

    def call(self, inputs, training=False):
      mask = tf.linalg.band_part(tf.ones([5, 5]), 0, -1)
      w = tf.matmul(self.q(inputs["x"]), self.k(inputs["x"]), transpose_b=True)
      return {"w": tf.nn.softmax(w * mask - 1e10 * (1 - mask))}

  return Attn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["bandpart", "band_part", "mul"],
}
