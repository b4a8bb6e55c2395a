"""Smoothed one-hot targets: on_value 0.9 and off_value 0.05 became plain ones and zeros."""

import numpy as np

import parity


def inputs(rng):
  return {
    "labels": np.array([0, 2, 1], np.int32),
    "x": rng.normal(size=(3, 4)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  targets = tf.one_hot(inputs["labels"], 3, on_value=0.9, off_value=0.05)
  return {
    "loss": tf.nn.softmax_cross_entropy_with_logits(
      labels=targets, logits=tf.layers.dense(inputs["x"], 3, name="fc")
    )
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Head(layers.Layer):
    def __init__(self):
      super().__init__(name="head")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      targets = tf.one_hot(inputs["labels"], 3)
      return {
        "loss": tf.nn.softmax_cross_entropy_with_logits(
          targets, self.fc(inputs["x"])
        )
      }

  return Head()


CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=tf2, rename=lambda name: name.replace("head/", "")
)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "constant",
  "accept": [],
  "where": ["onehot", "one_hot"],
}
