"""A cluster-size average that the port computes and forgets to assign."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("vq", use_resource=True):
    code = tf.get_variable(
      "code", [6, 5], initializer=tf.glorot_uniform_initializer()
    )
    size = tf.get_variable(
      "size", [5], initializer=tf.ones_initializer(), trainable=False
    )
    logits = tf.matmul(inputs["x"], code)
    count = tf.reduce_sum(tf.one_hot(tf.argmax(logits, 1), 5), 0)
    if training:
      tf.add_to_collection(
        tf.GraphKeys.UPDATE_OPS, size.assign(size * 0.9 + count * 0.1)
      )
    return {"logits": logits}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Vq(layers.Layer):
    def __init__(self):
      super().__init__(name="vq")

    def build(self, shapes):
      self.code = self.add_weight(
        name="code", shape=[6, 5], initializer="glorot_uniform"
      )
      self.size = self.add_weight(
        name="size", shape=[5], initializer="ones", trainable=False
      )

    def call(self, inputs, training=False):
      logits = tf.matmul(inputs["x"], self.code)
      if training:
        count = tf.reduce_sum(tf.one_hot(tf.argmax(logits, 1), 5), 0)
        _ = self.size * 0.9 + count * 0.1
      return {"logits": logits}

  return Vq()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "update_missing",
  "accept": [],
  "where": ["vq/size"],
}
