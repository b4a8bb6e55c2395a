"""A context module: the dilation of the second convolution is lost in a functional Keras model."""

import numpy as np

import parity


def inputs(rng):
  return {"image": rng.normal(size=(2, 12, 12, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("context"):
    net = tf.layers.conv2d(
      inputs["image"], 4, 3, padding="same", activation=tf.nn.relu, name="c1"
    )
    net = tf.layers.conv2d(
      net, 4, 3, padding="same", dilation_rate=2, name="c2"
    )
  return {"map": net}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  image = tf.keras.Input([12, 12, 3], name="image")
  net = layers.Conv2D(
    4, 3, padding="same", activation="relu", name="context/c1"
  )(image)
  net = layers.Conv2D(4, 3, padding="same", name="context/c2")(net)
  return tf.keras.Model({"image": image}, {"map": net})


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": ["op_structure"],
  "where": ["dilation", "context/c2"],
  "may_fail": ["constant_weights"],
}
