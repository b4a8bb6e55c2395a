"""A hashed feature with 11 buckets in the port, 10 in tf1."""

import numpy as np

import parity


def inputs(rng):
  return {
    "city": np.array(
      [b"rome", b"oslo", b"lima", b"bonn", b"bern", b"kyiv"], object
    ),
    "x": rng.normal(size=(6, 2)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return {
    "bucket": tf.string_to_hash_bucket_fast(inputs["city"], 10),
    "y": tf.layers.dense(inputs["x"], 2, name="fc"),
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      return {
        "bucket": tf.strings.to_hash_bucket_fast(inputs["city"], 11),
        "y": self.fc(inputs["x"]),
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
  "cause": "op_attribute",
  "accept": [],
  "where": ["num_buckets", "hash"],
}
