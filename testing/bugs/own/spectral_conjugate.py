"""Correlation in the Fourier domain multiplies with the conjugate; the port convolves."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 16)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("corr"):
    k = tf.get_variable("kernel", [16], initializer=tf.random_normal_initializer())
    f = tf.signal.rfft(inputs["x"]) * tf.conj(tf.signal.rfft(k))
    return {"y": tf.signal.irfft(f), "f": f}


def tf2():
  import tensorflow as tf

  class Corr(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.random_normal_initializer()
      self.kernel = tf.Variable(init([16]), name="corr/kernel")

    def __call__(self, inputs, training=False):
      f = tf.signal.rfft(inputs["x"]) * tf.signal.rfft(self.kernel)
      return {"y": tf.signal.irfft(f), "f": f}

  return Corr()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "op_structure",
  "accept": [],
  "where": ["conj", "mul"],
}
