"""The running mean follows the layer's output in tf1, its input in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(1.0, size=(6, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", use_resource=True):
    y = tf.layers.dense(inputs["x"], 4, tf.nn.relu, name="fc")
    mean = tf.get_variable(
      "mean", [4], initializer=tf.zeros_initializer(), trainable=False
    )
    if training:
      new = 0.9 * mean + 0.1 * tf.reduce_mean(y, 0)
      tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, mean.assign(new).op)
    return {"y": y}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(4, "relu", name="fc")

    def build(self, shapes):
      self.mean = self.add_weight(
        name="mean", shape=[4], initializer="zeros", trainable=False
      )

    def call(self, inputs, training=False):
      if training:
        new = 0.9 * self.mean + 0.1 * tf.reduce_mean(inputs["x"], 0)
        self.mean.assign(new)
      return {"y": self.fc(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "update_missing"],
  "where": ["net/mean", "mean"],
}
