"""Dropout on the hidden layer stands before its relu6-and-square, not behind."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("mlp"):
    net = tf.layers.dense(inputs["x"], 8, name="fc")
    net = tf.layers.dropout(tf.square(net), 0.5, training=training)
    return {"y": tf.layers.dense(net, 2, name="out")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Mlp(layers.Layer):
    def __init__(self):
      super().__init__(name="mlp")
      self.fc, self.drop = layers.Dense(8, name="fc"), layers.Dropout(0.5)
      self.out = layers.Dense(2, name="out")

    def call(self, inputs, training=False):
      net = tf.square(self.drop(self.fc(inputs["x"]), training=training))
      return {"y": self.out(net)}

  return Mlp()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "op_structure",
  "accept": ["random_op"],
  "where": ["dropout", "square"],
}
