"""The dropout layer is called with a flag that the constructor fixed, and nobody ever sets."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 8)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("mlp"):
    net = tf.layers.dense(inputs["x"], 8, activation=tf.nn.relu, name="fc")
    net = tf.layers.dropout(net, 0.5, training=training)
    return {"y": tf.layers.dense(net, 2, name="out")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Mlp(layers.Layer):
    def __init__(self, is_training=False):
      super().__init__(name="mlp")
      self.is_training = is_training
      self.fc, self.drop = (
        layers.Dense(8, "relu", name="fc"),
        layers.Dropout(0.5),
      )
      self.out = layers.Dense(2, name="out")

    def call(self, inputs, training=False):
      net = self.drop(self.fc(inputs["x"]), training=self.is_training)
      return {"y": self.out(net)}

  return Mlp()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "training_flag",
  "accept": ["random_op"],
  "where": ["dropout"],
}
