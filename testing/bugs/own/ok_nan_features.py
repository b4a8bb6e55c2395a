"""Missing values are NaN and infinite on purpose, and come out so at the same places."""
import numpy as np
import parity


def inputs(rng):
  x = rng.normal(size=(4, 5)).astype(np.float32)
  x[0, 1] = np.nan
  x[2, 3] = np.inf
  x[3, 0] = -np.inf
  return {"x": x}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = inputs["x"]
  known = tf.is_finite(x)
  clean = tf.where(known, x, tf.zeros_like(x))
  y = tf.layers.dense(clean, 3, name="fc")
  return {"y": y, "known": known, "raw": tf.exp(x), "rows": y / tf.to_float(tf.reduce_all(known, 1))[:, None]}


def tf2():
  import tensorflow as tf

  class Clean(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      x = inputs["x"]
      missing = tf.logical_or(tf.math.is_nan(x), tf.math.is_inf(x))
      y = self.fc(tf.where(missing, 0.0, x))
      full = tf.cast(~tf.reduce_any(missing, axis=-1, keepdims=True), tf.float32)
      return {"y": y, "known": ~missing, "raw": tf.math.exp(x), "rows": y / full}

  return Clean()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
