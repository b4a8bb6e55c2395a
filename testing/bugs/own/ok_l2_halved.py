"""slim's L2 halves the sum of squares; the port's Keras regularizer has half the scale."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  l2 = lambda w: 0.02 * tf.nn.l2_loss(w)
  return {"y": tf.layers.dense(inputs["x"], 5, kernel_regularizer=l2, name="a")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  x = tf.keras.Input([6], name="x")
  net = layers.Dense(
    5, kernel_regularizer=tf.keras.regularizers.l2(0.01), name="a"
  )(x)
  return tf.keras.Model({"x": x}, {"y": net})


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["regularization"],
}
