"""An Embedding with mask_zero makes the port's LSTM skip the padding; tf1 ran through it."""

import numpy as np

import parity


def inputs(rng):
  return {
    "ids": np.array(
      [[3, 1, 2, 0, 0], [4, 4, 0, 0, 0], [1, 2, 3, 4, 5]], np.int32
    )
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.keras.layers.Embedding(6, 4, name="embed")(inputs["ids"])
    return {"y": tf.keras.layers.SimpleRNN(5, name="rnn")(net)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.embed = layers.Embedding(6, 4, mask_zero=True, name="embed")
      self.rnn = layers.SimpleRNN(5, name="rnn")

    def call(self, inputs, training=False):
      return {"y": self.rnn(self.embed(inputs["ids"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["rnn", "select", "mask", "notequal"],
  "may_fail": ["constant_weights"],
}
