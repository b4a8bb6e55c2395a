"""A Keras functional model: strides (1, 2) became (2, 1), and a global pool hides the shape."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 8, 8, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.conv2d(
    inputs["x"], 6, 3, strides=(1, 2), padding="same", name="stem"
  )
  net = tf.reduce_max(tf.nn.relu(net), axis=[1, 2])
  return {"logits": tf.layers.dense(net, 3, name="head")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers
  x = tf.keras.Input((8, 8, 3), name="x")
  net = layers.Conv2D(
    6, 3, strides=(2, 1), padding="same", activation="relu", name="stem"
  )(x)
  net = layers.GlobalMaxPooling2D()(net)
  return tf.keras.Model(
    {"x": x}, {"logits": layers.Dense(3, name="head")(net)}
  )


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["stem"],
}
