"""Keras LSTM of TF1 gates with hard_sigmoid; the one of TF2 with sigmoid (tensorflow issue 47495)."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return {"state": tf.keras.layers.LSTM(6, name="lstm")(inputs["x"])}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Encoder(layers.Layer):
    def __init__(self):
      super().__init__(name="encoder")
      self.lstm = layers.LSTM(6, name="lstm")

    def call(self, inputs, training=False):
      return {"state": self.lstm(inputs["x"])}

  return Encoder()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: (
    name[len("encoder/") :] if name.startswith("encoder/") else name
  ),
)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["lstm", "sigmoid"],
  "may_fail": ["constant_weights"],
}
