"""Beams: TF1 repeats each hypothesis (expand, tile, reshape); the port tiles the batch."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("beam"):
    h = tf.layers.dense(inputs["x"], 5, tf.nn.tanh, name="enc")
    h = tf.reshape(tf.tile(h[:, None], [1, 2, 1]), [6, 5])
    return {"y": tf.layers.dense(h, 2, name="dec")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Beam(layers.Layer):
    def __init__(self):
      super().__init__(name="beam")
      self.enc, self.dec = layers.Dense(5, "tanh", name="enc"), layers.Dense(2, name="dec")

    def call(self, inputs, training=False):
      return {"y": self.dec(tf.tile(self.enc(inputs["x"]), [2, 1]))}

  return Beam()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["tile", "reshape"],
}
