"""tf1 counts batches in a local variable; the port in a weight of the layer."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    seen = tf.get_variable(
      "seen", [], initializer=tf.zeros_initializer(), trainable=False,
      collections=[tf.GraphKeys.LOCAL_VARIABLES], use_resource=True,
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

    def call(self, inputs, training=False):
      if training:
        self.seen.assign_add(1.0)
      return {"y": self.fc(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_extra",
  "accept": [],
  "where": ["net/seen"],
}
