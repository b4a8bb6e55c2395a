"""Embeddings are normalised per row in tf1, per column in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return {
    "y": tf.nn.l2_normalize(tf.layers.dense(inputs["x"], 5, name="fc"), 1)
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  x = tf.keras.Input([6], name="x")
  net = tf.nn.l2_normalize(layers.Dense(5, name="fc")(x), 0)
  return tf.keras.Model({"x": x}, {"y": net})


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_attribute", "op_structure"],
  "where": ["sum", "l2"],
}
