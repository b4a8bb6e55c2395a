"""An exponential smoothing by tf.scan, by its closed form as a matrix product in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  smooth = tf.scan(lambda s, x: 0.75 * s + 0.25 * x, inputs["x"], tf.zeros([3]))
  return {"y": tf.layers.dense(smooth, 2, name="fc")}


def tf2():
  import tensorflow as tf

  class Smooth(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(2, name="fc")
      lag = np.arange(6)[:, None] - np.arange(6)
      self.weights_of_lag = np.where(lag >= 0, 0.25 * 0.75 ** np.maximum(lag, 0), 0).astype(np.float32)

    def call(self, inputs, training=False):
      return {"y": self.fc(self.weights_of_lag @ inputs["x"])}

  return Smooth()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("outer/")[-1])
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
