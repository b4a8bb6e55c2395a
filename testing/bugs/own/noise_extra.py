"""Somebody added GaussianNoise to the port's input while at it."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return {
    "y": tf.layers.dense(inputs["x"], 3, activation=tf.nn.tanh, name="fc")
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  x = tf.keras.Input([8], name="x")
  net = layers.Dense(3, "tanh", name="fc")(layers.GaussianNoise(0.2)(x))
  return tf.keras.Model({"x": x}, {"y": net})


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_op",
  "accept": [],
  "where": ["gaussian_noise", "RandomStandardNormal", "random_normal"],
}
