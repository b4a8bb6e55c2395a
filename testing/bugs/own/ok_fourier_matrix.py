"""A spectrum by tf.signal.fft, and as a product with the Fourier matrix; complex numbers come out,
of signals with a large mean."""
import numpy as np
import parity


def inputs(rng):
  return {"x": (200 + rng.normal(size=(2, 32))).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  spectrum = tf.signal.fft(tf.cast(inputs["x"], tf.complex64))
  power = tf.log1p(tf.square(tf.abs(spectrum)))
  return {"spectrum": spectrum, "y": tf.layers.dense(power, 3, name="fc")}


def tf2():
  import tensorflow as tf

  class Fourier(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(3, name="fc")
      n = np.arange(32)
      self.matrix = np.exp(-2j * np.pi * np.outer(n, n) / 32).astype(np.complex64)

    def call(self, inputs, training=False):
      spectrum = tf.cast(inputs["x"], tf.complex64) @ self.matrix
      power = tf.math.log1p(tf.math.real(spectrum) ** 2 + tf.math.imag(spectrum) ** 2)
      return {"spectrum": spectrum, "y": self.fc(power)}

  return Fourier()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("outer/")[-1])
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": "rounding", "accept": [], "where": []}
