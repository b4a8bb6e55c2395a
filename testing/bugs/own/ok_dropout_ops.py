"""Dropout as an op with keep_prob in tf1, as a Keras layer with rate in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.dense(inputs["x"], 8, tf.nn.relu, name="fc")
  net = tf.nn.dropout(net, keep_prob=0.7 if training else 1.0)
  return {"y": tf.layers.dense(net, 2, name="out")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc, self.drop = (
        layers.Dense(8, "relu", name="fc"),
        layers.Dropout(0.3),
      )
      self.out = layers.Dense(2, name="out")

    def call(self, inputs, training=False):
      return {"y": self.out(self.drop(self.fc(inputs["x"]), training=training))}

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
  "twin_of": ["random_op"],
}
