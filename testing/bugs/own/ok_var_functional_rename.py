"""A functional Keras model under other names, with a complete rename."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    with tf.variable_scope("body"):
      net = tf.layers.dense(inputs["x"], 6, tf.nn.elu, name="fc1")
    return {"y": tf.layers.dense(net, 3, name="out")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers
  x = tf.keras.Input([5], name="x")
  y = layers.Dense(3, name="head")(layers.Dense(6, "elu", name="encoder")(x))
  model = tf.keras.Model({"x": x}, {"y": y})

  def port(inputs, training=False):
    return model(inputs, training=training)

  port.model = model
  return model


def rename(name):
  return {
    "encoder/kernel": "net/body/fc1/kernel",
    "encoder/bias": "net/body/fc1/bias",
    "head/kernel": "net/out/kernel",
    "head/bias": "net/out/bias",
  }[name]


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, rename=rename)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
