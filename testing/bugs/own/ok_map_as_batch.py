"""Standardised examples by map_fn, one after the other, and all at once in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(3.0, 2.0, size=(4, 7)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def norm(row):
    mean, var = tf.nn.moments(row, [0])
    return (row - mean) / tf.sqrt(var + 1e-6)

  return {"y": tf.layers.dense(tf.map_fn(norm, inputs["x"]), 3, name="fc")}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      x = inputs["x"]
      x = x - tf.reduce_mean(x, 1, keepdims=True)
      x = x * tf.math.rsqrt(tf.reduce_mean(x * x, 1, keepdims=True) + 1e-6)
      return {"y": self.fc(x)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("outer/")[-1])
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
