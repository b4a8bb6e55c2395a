"""BERT's gelu was the tanh approximation; tf.nn.gelu is exact by default."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def gelu(x):
    return (
      x
      * 0.5
      * (1.0 + tf.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * tf.pow(x, 3))))
    )

  with tf.variable_scope("ffn"):
    net = tf.layers.dense(inputs["x"], 16, activation=gelu, name="in")
    return {"y": tf.layers.dense(net, 8, name="out")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Ffn(layers.Layer):
    def __init__(self):
      super().__init__(name="ffn")
      self.inner = layers.Dense(16, tf.nn.gelu, name="in")
      self.out = layers.Dense(8, name="out")

    def call(self, inputs, training=False):
      return {"y": self.out(self.inner(inputs["x"]))}

  return Ffn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["erf", "tanh", "pow", "gelu"],
  "may_fail": ["constant_weights"],
}
