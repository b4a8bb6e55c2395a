"""The port's add_weight was given no name."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    scale = tf.get_variable("scale", [5], initializer=tf.ones_initializer())
    return {"y": inputs["x"] * scale}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")

    def build(self, shapes):
      self.scale = self.add_weight(shape=[5], initializer="ones")

    def call(self, inputs, training=False):
      return {"y": inputs["x"] * self.scale}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_renamed",
  "accept": ["variable_missing", "variable_extra"],
  "where": ["net/scale"],
  "may_fail": ["constant_weights", "random_inference", "random_training", "random_functional"],
}
