"""The port returns mean and log-variance under each other's names."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("vae"):
    net = tf.layers.dense(inputs["x"], 8, tf.nn.relu, name="h")
    return {
      "mean": tf.layers.dense(net, 3, name="mean"),
      "log_variance": tf.layers.dense(net, 3, name="logvar"),
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Vae(layers.Layer):
    def __init__(self):
      super().__init__(name="vae")
      self.h = layers.Dense(8, "relu", name="h")
      self.mean, self.logvar = (
        layers.Dense(3, name="mean"),
        layers.Dense(3, name="logvar"),
      )

    def call(self, inputs, training=False):
      net = self.h(inputs["x"])
      mean, logvar = self.mean(net), self.logvar(net)
      return {"mean": logvar, "log_variance": mean}

  return Vae()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["mean", "logvar"],
}
