"""GRU of Keras in TF1 resets before the product; in TF2 after it, with a bias of two rows."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  cell = tf.keras.layers.GRU(6, recurrent_activation="sigmoid", name="gru")
  return {"state": cell(inputs["x"])}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Encoder(tf.keras.Model):
    def __init__(self):
      super().__init__(name="encoder")
      self.gru = layers.GRU(6, name="gru")

    def call(self, inputs, training=False):
      return {"state": self.gru(inputs["x"])}

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
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_shape",
  "accept": [],
  "where": ["gru/gru_cell/bias", "bias"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
