"""tf1 drops units of two features with one mask; the port draws one for each."""

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
    a, b = inputs["a"], inputs["b"]
    if training:
      mask = tf.nn.dropout(tf.ones([4, 5]), rate=0.4)
      a, b = a * mask, b * mask
    return {"y": tf.layers.dense(a, 3, name="a") + tf.layers.dense(b, 3, name="b")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.drop = layers.Dropout(0.4)
      self.a, self.b = layers.Dense(3, name="a"), layers.Dense(3, name="b")

    def call(self, inputs, training=False):
      a = self.drop(inputs["a"], training=training)
      b = self.drop(inputs["b"], training=training)
      return {"y": self.a(a) + self.b(b)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "random_op",
  "accept": ["op_structure"],
  "where": ["dropout", "random"],
}
