"""A Keras layer is made inside call, so each call has weights of its own."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    return {"y": tf.layers.dense(inputs["x"], 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")

    def call(self, inputs, training=False):
      return {"y": layers.Dense(3, name="fc")(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_created_once",
  "also_fail": [],
  "cause": "variable_recreated",
  "accept": [],
  "where": ["fc/kernel", "layer_in_call"],
  "may_fail": [
    "variables_match",
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
