"""The port starts the last norm of its block from zero, as newer recipes have it."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, name="fc")
    net = tf.layers.batch_normalization(net, training=training, name="bn")
    return {"y": inputs["x"] + net}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(5, name="fc")
      self.bn = layers.BatchNormalization(gamma_initializer="zeros", name="bn")

    def call(self, inputs, training=False):
      net = self.bn(self.fc(inputs["x"]), training=training)
      return {"y": inputs["x"] + net}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "initializer",
  "accept": [],
  "where": ["net/bn/gamma"],
}
