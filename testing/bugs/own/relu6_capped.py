"""MobileNet's relu6 became relu in the port; only large activations tell."""

import numpy as np

import parity


def inputs(rng):
  return {"x": (8 * rng.normal(size=(4, 8))).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("mobile"):
    net = tf.nn.relu6(tf.layers.dense(inputs["x"], 8, name="expand"))
    return {"y": tf.layers.dense(net, 4, name="project")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  net = tf.keras.Sequential(name="mobile")
  net.add(layers.Dense(8, "relu", name="expand"))
  net.add(layers.Dense(4, name="project"))
  return lambda inputs, training=False: {
    "y": net(inputs["x"], training=training)
  }


CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=tf2, rename=lambda name: "mobile/" + name
)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["relu"],
}
