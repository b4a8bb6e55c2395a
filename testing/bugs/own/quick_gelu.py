"""GPT's quick gelu, x * sigmoid(1.702 x); the port says tf.nn.silu."""
import numpy as np
import parity


def inputs(rng):
  return {"x": (3 * rng.normal(size=(4, 6))).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("mlp"):
    h = tf.layers.dense(inputs["x"], 8, name="c_fc")
    h = h * tf.sigmoid(1.702 * h)
    return {"y": tf.layers.dense(h, 6, name="c_proj")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Mlp(layers.Layer):
    def __init__(self):
      super().__init__(name="mlp")
      self.c_fc = layers.Dense(8, tf.nn.silu, name="c_fc")
      self.c_proj = layers.Dense(6, name="c_proj")

    def call(self, inputs, training=False):
      return {"y": self.c_proj(self.c_fc(inputs["x"]))}

  return Mlp()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "may_fail": ["constant_weights"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["mul", "sigmoid", "c_fc"],
}
