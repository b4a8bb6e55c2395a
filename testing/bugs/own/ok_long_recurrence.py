"""Two hundred steps of a contracting recurrence with large gains; a while_loop in TF1, a Python
loop with the product written as einsum in the port. Rounding grows."""
import numpy as np
import parity


def inputs(rng):
  return {"x": (5 * rng.normal(size=(3, 16))).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  w = tf.get_variable("w", [16, 16], initializer=tf.random_normal_initializer(stddev=0.35))

  def step(i, h):
    return i + 1, tf.tanh(tf.matmul(h, w) + 0.125 * inputs["x"])

  _, h = tf.while_loop(lambda i, h: i < 40, step, (0, inputs["x"]))
  return {"h": 1000.0 * h}


def tf2():
  import tensorflow as tf

  class Recurrence(tf.Module):
    def __init__(self):
      super().__init__()
      self.w = tf.Variable(tf.compat.v1.random_normal_initializer(stddev=0.35)([16, 16]), name="w")

    def __call__(self, inputs, training=False):
      h = inputs["x"]
      for _ in range(40):
        h = tf.tanh(tf.reduce_sum(h[:, :, None] * self.w, 1) + inputs["x"] / 8.0)
      return {"h": 1000.0 * h}

  return Recurrence()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": "rounding", "accept": [], "where": []}
