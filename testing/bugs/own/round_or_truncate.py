"""Bins by rounding became bins by casting."""

import numpy as np

import parity


def inputs(rng):
  return {"x": (3 * rng.normal(size=(4, 6))).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return {
    "bin": tf.cast(tf.round(inputs["x"]), tf.int32),
    "y": tf.layers.dense(inputs["x"], 2, name="fc"),
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  x = tf.keras.Input([6], name="x")
  return tf.keras.Model(
    {"x": x}, {"bin": tf.cast(x, tf.int32), "y": layers.Dense(2, name="fc")(x)}
  )


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["round", "cast", "rint"],
}
