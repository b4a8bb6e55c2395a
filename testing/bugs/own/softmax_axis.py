"""Attention over time: tf1 normalised over axis 1, the port over the last axis."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("att"):
    scores = tf.layers.dense(inputs["x"], 4, use_bias=False, name="score")
    weights = tf.nn.softmax(scores, axis=1)
    return {"context": tf.matmul(weights, inputs["x"], transpose_a=True)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Att(layers.Layer):
    def __init__(self):
      super().__init__(name="att")
      self.score = layers.Dense(4, use_bias=False, name="score")

    def call(self, inputs, training=False):
      weights = tf.nn.softmax(self.score(inputs["x"]))
      return {"context": tf.matmul(weights, inputs["x"], transpose_a=True)}

  return Att()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["softmax", "transpose"],
}
