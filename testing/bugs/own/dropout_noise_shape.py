"""Dropout of whole channels by noise_shape; the port drops single elements."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.dense(inputs["x"], 6, name="fc")
  return {
    "y": tf.layers.dropout(net, 0.4, noise_shape=[3, 1, 6], training=training)
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  x = tf.keras.Input([5, 4], name="x", batch_size=3)
  net = layers.Dropout(0.4)(layers.Dense(6, name="fc")(x))
  return tf.keras.Model({"x": x}, {"y": net})


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_op",
  "accept": [],
  "where": ["dropout", "random_uniform", "RandomUniform"],
}
