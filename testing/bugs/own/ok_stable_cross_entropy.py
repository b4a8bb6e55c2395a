"""Sigmoid cross-entropy by its own formula in the port."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": (4 * rng.normal(size=(5, 6))).astype(np.float32),
    "y": rng.randint(0, 2, size=(5, 1)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  logits = tf.layers.dense(inputs["x"], 1, name="fc")
  return {
    "loss": tf.reduce_mean(
      tf.nn.sigmoid_cross_entropy_with_logits(labels=inputs["y"], logits=logits)
    )
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = layers.Dense(1, name="fc")

    def call(self, inputs, training=False):
      z, y = self.fc(inputs["x"]), inputs["y"]
      return {
        "loss": tf.reduce_mean(
          tf.maximum(z, 0.0) - z * y + tf.math.log1p(tf.exp(-tf.abs(z)))
        )
      }

  return Net()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
