"""Two dropouts of one shape: the port drops the second branch first."""

import numpy as np

import parity


def inputs(rng):
  return {
    "a": rng.normal(size=(4, 5)).astype(np.float32),
    "b": rng.normal(size=(4, 5)).astype(np.float32),
  }

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    a = tf.layers.dropout(inputs["a"], 0.4, training=training)
    b = tf.layers.dropout(inputs["b"], 0.4, training=training)
    return {"y": tf.layers.dense(a, 3, name="a") - tf.layers.dense(b, 3, name="b")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.drop_a, self.drop_b = layers.Dropout(0.4), layers.Dropout(0.4)
      self.a, self.b = layers.Dense(3, name="a"), layers.Dense(3, name="b")

    def call(self, inputs, training=False):
      b = self.drop_b(inputs["b"], training=training)
      a = self.drop_a(inputs["a"], training=training)
      return {"y": self.a(a) - self.b(b)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": [],
  "cause": "random_order",
  "accept": ["op_structure", "random_op"],
  "where": ["dropout", "random"],
  "may_fail": ["random_functional"],
}
