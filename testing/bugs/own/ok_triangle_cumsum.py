"""A cumulative sum over 400 large steps as a product with a triangle of ones."""
import numpy as np
import parity


def inputs(rng):
  return {"flow": (1000 + 300 * rng.normal(size=(2, 400))).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  level = tf.cumsum(inputs["flow"], axis=1)
  return {"level": level, "y": tf.layers.dense(level, 3, name="fc")}


def tf2():
  import tensorflow as tf

  class Levels(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(3, name="fc")
      self.triangle = np.triu(np.ones((400, 400), np.float32))

    def call(self, inputs, training=False):
      level = inputs["flow"] @ self.triangle
      return {"level": level, "y": self.fc(level)}

  return Levels()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": "rounding", "accept": [], "where": []}
