"""A functional model makes all weights before anything is dropped; tf1 draws in between."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.dense(inputs["x"], 8, tf.nn.relu, name="fc")
  net = tf.nn.dropout(net, keep_prob=0.7 if training else 1.0)
  return {"y": tf.layers.dense(net, 2, name="out")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  x = tf.keras.Input([8], name="x")
  net = layers.Dropout(0.3)(layers.Dense(8, "relu", name="fc")(x))
  return tf.keras.Model({"x": x}, {"y": layers.Dense(2, name="out")(net)})


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": [],
  "cause": "random_order",
  "accept": [],
  "where": ["out/kernel"],
}
