"""A tf.cond on the batch's norm is a tf.where in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"x": (10 * rng.normal(size=(3, 4))).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = tf.layers.dense(inputs["x"], 4, name="fc")
  norm = tf.norm(x)
  return {"y": tf.cond(norm > 5.0, lambda: x * 5.0 / norm, lambda: x), "is_large": norm > 5.0}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(4, name="fc")

    def call(self, inputs, training=False):
      x = self.fc(inputs["x"])
      norm = tf.sqrt(tf.reduce_sum(x * x))
      return {"y": tf.where(norm > 5.0, 5.0 / norm * x, x), "is_large": norm > 5.0}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("outer/")[-1])
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
