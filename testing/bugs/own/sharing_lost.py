"""One projection scores query and document; the port makes two."""

import numpy as np

import parity


def inputs(rng):
  return {
    "q": rng.normal(size=(4, 6)).astype(np.float32),
    "d": rng.normal(size=(4, 6)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("rank", reuse=tf.AUTO_REUSE):
    q = tf.layers.dense(inputs["q"], 5, name="proj")
    d = tf.layers.dense(inputs["d"], 5, name="proj")
    return {"score": tf.reduce_sum(q * d, 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Rank(layers.Layer):
    def __init__(self):
      super().__init__(name="rank")
      self.q, self.d = (
        layers.Dense(5, name="proj"),
        layers.Dense(5, name="proj_doc"),
      )

    def call(self, inputs, training=False):
      return {
        "score": tf.reduce_sum(self.q(inputs["q"]) * self.d(inputs["d"]), 1)
      }

  return Rank()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_extra",
  "accept": [],
  "where": ["proj_doc"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
