"""Negatives are the shuffled batch; the port sorts uniform numbers for its permutation."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    z = tf.layers.dense(inputs["x"], 4, name="fc")
    other = tf.random_shuffle(z) if training else z
    return {"similar": tf.reduce_sum(z * other, 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(4, name="fc")

    def call(self, inputs, training=False):
      z = self.fc(inputs["x"])
      other = z
      if training:
        other = tf.gather(z, tf.argsort(tf.random.uniform([6])))
      return {"similar": tf.reduce_sum(z * other, 1)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_op",
  "accept": ["op_structure"],
  "where": ["shuffle", "RandomShuffle", "random_uniform"],
}
