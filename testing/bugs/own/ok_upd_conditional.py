"""tf1 updates by tf.cond on a flag in the graph; the port by Python's if."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(1.0, size=(6, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", use_resource=True):
    mean = tf.get_variable(
      "mean", [4], initializer=tf.zeros_initializer(), trainable=False
    )
    flag = tf.constant(training)
    new = tf.cond(
      flag, lambda: 0.9 * mean + 0.1 * tf.reduce_mean(inputs["x"], 0),
      lambda: tf.identity(mean),
    )
    y = inputs["x"] - mean
    with tf.control_dependencies([y]):
      update = mean.assign(new)
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update.op)
    return {"y": y}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")

    def build(self, shapes):
      self.mean = self.add_weight(
        name="mean", shape=[4], initializer="zeros", trainable=False
      )

    def call(self, inputs, training=False):
      y = inputs["x"] - self.mean
      if training:
        new = 0.9 * self.mean + 0.1 * tf.reduce_mean(inputs["x"], 0)
        self.mean.assign(new)
      return {"y": y}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
