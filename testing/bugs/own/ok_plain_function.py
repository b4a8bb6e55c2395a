"""A port that is a plain function around a Sequential model made once."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, tf.nn.relu6, name="a")
    return tf.layers.dense(net, 2, name="b")


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  net = tf.keras.Sequential(
    [layers.Dense(5, tf.nn.relu6, name="a"), layers.Dense(2, name="b")]
  )

  def port(inputs, training=False):
    return net(inputs["x"], training=training)

  return port


CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=tf2, rename=lambda name: "net/" + name
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
