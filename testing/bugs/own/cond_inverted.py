"""The branches of a condition on the batch's norm are exchanged."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.dense(inputs["x"], 5, name="fc")
  return {
    "y": tf.cond(
      tf.reduce_mean(inputs["x"]) > 10.0,
      lambda: tf.nn.relu(net),
      lambda: tf.nn.sigmoid(net),
    )
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(tf.keras.Model):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = layers.Dense(5, name="fc")

    def call(self, inputs, training=False):
      net = self.fc(inputs["x"])
      if tf.reduce_mean(inputs["x"]) > 10.0:
        return {"y": tf.nn.sigmoid(net)}
      return {"y": tf.nn.relu(net)}

  return Net()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
  functional=False,
)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["relu", "sigmoid", "merge", "cond", "if"],
}
