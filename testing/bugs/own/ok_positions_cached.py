"""Sinusoidal positions computed by TensorFlow in TF1, by NumPy in the port's build()."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 60, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  position = tf.to_float(tf.range(60))[:, None]
  rate = tf.exp(tf.to_float(tf.range(4)) * -(np.log(10000.0) / 4))
  angle = position * rate
  code = tf.concat([tf.sin(angle), tf.cos(angle)], axis=1)
  return {"y": tf.layers.dense(inputs["x"] + code, 4, name="fc")}


def tf2():
  import tensorflow as tf

  class Positions(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(4, name="fc")

    def build(self, shape):
      angle = np.arange(60)[:, None] / 10000.0 ** (np.arange(4) / 4)
      self.code = tf.constant(np.concatenate([np.sin(angle), np.cos(angle)], 1), tf.float32)

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"] + self.code)}

  return Positions()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
