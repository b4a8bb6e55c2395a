"""The port counts each batch twice: in call, and again in a helper that call uses."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", use_resource=True):
    seen = tf.get_variable(
      "seen", [], initializer=tf.zeros_initializer(), trainable=False
    )
    if training:
      tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, seen.assign_add(1.0).op)
    return {"y": tf.layers.dense(inputs["x"], 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def build(self, shapes):
      self.seen = self.add_weight(
        name="seen", shape=[], initializer="zeros", trainable=False
      )

    def encode(self, x, training):
      if training:
        self.seen.assign_add(1.0)
      return self.fc(x)

    def call(self, inputs, training=False):
      if training:
        self.seen.assign_add(1.0)
      return {"y": self.encode(inputs["x"], training)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "update_missing"],
  "where": ["net/seen"],
}
