"""Contrib's layer norm added 1e-12 to the variance; Keras's LayerNormalization adds 1e-3 unless told otherwise."""

import numpy as np

import parity


def inputs(rng):
  return {"tokens": rng.normal(size=(2, 4, 8)).astype(np.float32) * 0.1}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("block"):
    net = tf.layers.dense(inputs["tokens"], 8, name="ff")
    with tf.variable_scope("norm"):
      gamma = tf.get_variable("gamma", [8], initializer=tf.ones_initializer())
      beta = tf.get_variable("beta", [8], initializer=tf.zeros_initializer())
      mean, variance = tf.nn.moments(net, [-1], keep_dims=True)
      net = tf.nn.batch_normalization(net, mean, variance, beta, gamma, 1e-12)
  return {"tokens": net}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Block(layers.Layer):
    def __init__(self):
      super().__init__(name="block")
      self.ff = layers.Dense(8, name="ff")
      self.norm = layers.LayerNormalization(name="norm")

    def call(self, inputs, training=False):
      return {"tokens": self.norm(self.ff(inputs["tokens"]))}

  return Block()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "constant",
  "accept": ["op_attribute"],
  "where": ["norm"],
  "may_fail": ["constant_weights"],
}
