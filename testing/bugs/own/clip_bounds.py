"""Advantages clipped to [-1, 1]; the port clips to [0, 1]."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return {
    "y": tf.clip_by_value(
      tf.layers.dense(inputs["x"], 5, name="head"), -1.0, 1.0
    )
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Head(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.head = layers.Dense(5, name="head")

    def call(self, inputs, training=False):
      return {"y": tf.clip_by_value(self.head(inputs["x"]), 0.0, 1.0)}

  return Head()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["clip", "maximum"],
}
