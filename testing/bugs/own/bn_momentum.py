"""Momentum 0.9 in tf.layers; the functional Keras model keeps 0.99."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.dense(inputs["x"], 4, name="fc")
  net = tf.layers.batch_normalization(
    net, momentum=0.9, training=training, name="bn"
  )
  return {"y": tf.nn.relu(net)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  x = tf.keras.Input([5], name="x")
  net = layers.BatchNormalization(name="bn")(layers.Dense(4, name="fc")(x))
  return tf.keras.Model({"x": x}, {"y": tf.nn.relu(net)})


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "constant",
  "accept": ["op_attribute"],
  "where": ["moving_mean", "moving_variance"],
}
