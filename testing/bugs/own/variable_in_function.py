"""A plain function makes its tf.Variable at every call."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  scale = tf.get_variable("scale", [6], initializer=tf.ones_initializer())
  return {"y": inputs["x"] * scale}


def tf2():
  import tensorflow as tf

  def port(inputs, training=False):
    scale = tf.Variable(tf.ones([6]), name="scale")
    return {"y": inputs["x"] * scale}

  return port


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_created_once",
  "also_fail": [],
  "cause": "variable_recreated",
  "accept": [],
  "where": ["scale"],
  "may_fail": [
    "variables_match",
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
