"""Splatting events on a grid: scatter_nd adds what falls into one cell; the port overwrites."""
import numpy as np
import parity


def inputs(rng):
  return {"cell": np.array([[1], [3], [1], [5], [3], [1]], np.int32),
          "e": rng.normal(size=(6, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("grid"):
    v = tf.layers.dense(inputs["e"], 3, name="embed")
    return {"grid": tf.scatter_nd(inputs["cell"], v, [8, 3])}


def tf2():
  import tensorflow as tf

  class Grid(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="grid")
      self.embed = tf.keras.layers.Dense(3, name="embed")

    def call(self, inputs, training=False):
      v = self.embed(inputs["e"])
      return {"grid": tf.tensor_scatter_nd_update(tf.zeros([8, 3]), inputs["cell"], v)}

  return Grid()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["scatter"],
}
