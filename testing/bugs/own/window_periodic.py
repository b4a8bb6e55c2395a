"""Log-magnitude features: the periodic Hann window of tf.signal.stft became a symmetric one,
as SciPy would have it."""
import numpy as np
import parity


def inputs(rng):
  return {"wave": rng.normal(size=(2, 64)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  spectrum = tf.abs(tf.signal.stft(inputs["wave"], 16, 8, 16))
  return {"y": tf.layers.dense(tf.log(spectrum + 1e-3), 4, name="fc")}


def tf2():
  import tensorflow as tf

  def symmetric(length, dtype=tf.float32):
    return tf.signal.hann_window(length, periodic=False, dtype=dtype)

  class Audio(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(4, name="fc")

    def call(self, inputs, training=False):
      spectrum = tf.abs(tf.signal.stft(inputs["wave"], 16, 8, 16, window_fn=symmetric))
      return {"y": self.fc(tf.math.log(spectrum + 1e-3))}

  return Audio()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["hann", "window", "stft"],
}
