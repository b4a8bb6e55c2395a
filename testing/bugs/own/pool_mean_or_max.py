"""Global average pooling became global max pooling."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 5, 5, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.conv2d(inputs["x"], 4, 3, name="conv")
  return {"y": tf.layers.dense(tf.reduce_mean(net, [1, 2]), 2, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  x = tf.keras.Input([5, 5, 3], name="x")
  net = layers.GlobalMaxPooling2D()(layers.Conv2D(4, 3, name="conv")(x))
  return tf.keras.Model({"x": x}, {"y": layers.Dense(2, name="fc")(net)})


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["mean", "max"],
}
