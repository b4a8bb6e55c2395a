"""The mean over valid tokens divides by the padded length in the port."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(3, 5, 4)).astype(np.float32),
    "length": np.array([2, 5, 3], np.int32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  mask = tf.sequence_mask(inputs["length"], 5, tf.float32)[:, :, None]
  net = tf.layers.dense(inputs["x"], 6, name="fc")
  return {"y": tf.reduce_sum(net * mask, 1) / tf.reduce_sum(mask, 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = layers.Dense(6, name="fc")

    def call(self, inputs, training=False):
      mask = tf.sequence_mask(inputs["length"], 5, tf.float32)[:, :, None]
      return {"y": tf.reduce_mean(self.fc(inputs["x"]) * mask, 1)}

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
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["mean", "sum", "truediv"],
}
