"""Unnamed layers: the port makes the wide one second, so dense and dense_1 change places."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  wide = tf.layers.dense(inputs["x"], 8)
  slim = tf.layers.dense(inputs["x"], 2)
  return {"wide": wide, "slim": slim}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(tf.Module):
    def __init__(self):
      super().__init__()
      self.slim = layers.Dense(2)
      self.wide = layers.Dense(8)

    def __call__(self, inputs, training=False):
      return {"wide": self.wide(inputs["x"]), "slim": self.slim(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_shape",
  "accept": ["variable_renamed"],
  "where": ["dense"],
  "may_fail": ["constant_weights", "random_inference", "random_training", "random_functional"],
}
