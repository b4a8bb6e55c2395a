"""A dense layer as tf.einsum over a tf.Module's own variables, names mapped by a dict."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("proj"):
    return {"y": tf.layers.dense(inputs["x"], 5, tf.nn.elu, name="fc")}


def tf2():
  import tensorflow as tf

  class Proj(tf.Module):
    def __init__(self):
      super().__init__(name="p")
      init = tf.compat.v1.glorot_uniform_initializer()
      self.w = tf.Variable(init([6, 5]), name="w")
      self.b = tf.Variable(tf.zeros([5]), name="b")

    def __call__(self, inputs, training=False):
      return {
        "y": tf.nn.elu(tf.einsum("bti,io->bto", inputs["x"], self.w) + self.b)
      }

  return Proj()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename={"w": "proj/fc/kernel", "b": "proj/fc/bias"},
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["op_structure"],
}
