"""Two heads, two bugs: another slope in one, a lost square root in the other."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    a = tf.nn.leaky_relu(tf.layers.dense(inputs["x"], 5, name="a"), 0.2)
    b = tf.sqrt(tf.nn.softplus(tf.layers.dense(inputs["x"], 5, name="b")))
    return {"a": a, "b": b}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.a, self.b = layers.Dense(5, name="a"), layers.Dense(5, name="b")

    def call(self, inputs, training=False):
      a = tf.nn.leaky_relu(self.a(inputs["x"]), 0.3)
      return {"a": a, "b": tf.nn.softplus(self.b(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["sqrt"],
  "others": ["op_attribute", "op_structure"],
}
