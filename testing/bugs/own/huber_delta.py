"""The Huber loss turns linear at 1 in tf1, at 0.5 in the port."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(4, 6)).astype(np.float32),
    "y": (2 * rng.normal(size=(4, 1))).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  value = tf.layers.dense(inputs["x"], 1, name="fc")
  return {"loss": tf.losses.huber_loss(inputs["y"], value, delta=1.0)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = layers.Dense(1, name="fc")

    def call(self, inputs, training=False):
      return {
        "loss": tf.keras.losses.Huber(0.5)(inputs["y"], self.fc(inputs["x"]))
      }

  return Net()


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
  "accept": ["op_structure", "loss_scale"],
  "where": ["huber", "minimum", "lessequal", "mul"],
}
