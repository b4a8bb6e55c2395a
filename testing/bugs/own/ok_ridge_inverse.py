"""A ridge head: matrix_solve of the normal equations in TF1, an inverse in the port, on
collinear features. Only rounding differs."""
import numpy as np
import parity


def inputs(rng):
  base = rng.normal(size=(40, 3))
  near = base + 1e-2 * rng.normal(size=(40, 3))
  return {"x": np.concatenate([base, near], 1).astype(np.float32),
          "y": rng.normal(size=(40, 2)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = inputs["x"]
  gram = tf.matmul(x, x, transpose_a=True) + 1e-3 * tf.eye(6)
  beta = tf.matrix_solve(gram, tf.matmul(x, inputs["y"], transpose_a=True))
  return {"beta": beta, "y": tf.layers.dense(tf.matmul(x, beta), 2, name="fc")}


def tf2():
  import tensorflow as tf

  class Ridge(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = tf.keras.layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      x = inputs["x"]
      gram = tf.transpose(x) @ x + 1e-3 * tf.eye(6)
      beta = tf.linalg.inv(gram) @ (tf.transpose(x) @ inputs["y"])
      return {"beta": beta, "y": self.fc(x @ beta)}

  return Ridge()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": "rounding", "accept": [], "where": []}
