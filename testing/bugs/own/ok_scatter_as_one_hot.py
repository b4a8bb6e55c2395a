"""scatter_nd with duplicates, and a product with a one-hot matrix."""
import numpy as np
import parity


def inputs(rng):
  return {"cell": np.array([1, 3, 1, 5, 3, 1], np.int32), "e": rng.normal(size=(6, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("grid"):
    v = tf.layers.dense(inputs["e"], 3, name="embed")
    return {"grid": tf.scatter_nd(inputs["cell"][:, None], v, [8, 3])}


def tf2():
  import tensorflow as tf

  class Grid(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="grid")
      self.embed = tf.keras.layers.Dense(3, name="embed")

    def call(self, inputs, training=False):
      return {"grid": tf.transpose(tf.one_hot(inputs["cell"], 8)) @ self.embed(inputs["e"])}

  return Grid()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
