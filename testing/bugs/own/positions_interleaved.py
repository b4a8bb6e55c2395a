"""Positions as tensor2tensor has them, sines then cosines; the port interleaves them as the paper."""
import numpy as np
import parity

ANGLE = np.arange(6)[:, None] / 10000.0 ** (np.arange(4) / 4)


def inputs(rng):
  return {"x": rng.normal(size=(2, 6, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  code = np.concatenate([np.sin(ANGLE), np.cos(ANGLE)], 1).astype(np.float32)
  with tf.variable_scope("tr"):
    return {"y": tf.layers.dense(inputs["x"] + code, 4, name="fc")}


def tf2():
  import tensorflow as tf

  class Tr(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="tr")
      self.fc = tf.keras.layers.Dense(4, name="fc")
      self.code = np.stack([np.sin(ANGLE), np.cos(ANGLE)], -1).reshape(6, 8).astype(np.float32)

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"] + self.code)}

  return Tr()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["add"],
}
