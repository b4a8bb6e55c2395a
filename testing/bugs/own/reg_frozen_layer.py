"""Keras drops nothing: a frozen layer is still penalised; tf1 penalised what it trained."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    l2 = tf.keras.regularizers.l2(0.05)
    net = tf.layers.dense(inputs["x"], 6, name="fc1", trainable=False)
    return {"y": tf.layers.dense(net, 3, name="fc2", kernel_regularizer=l2)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      l2 = tf.keras.regularizers.l2(0.05)
      self.fc1 = layers.Dense(6, name="fc1", trainable=False, kernel_regularizer=l2)
      self.fc2 = layers.Dense(3, name="fc2", kernel_regularizer=l2)

    def call(self, inputs, training=False):
      return {"y": self.fc2(self.fc1(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "regularization",
  "accept": [],
  "where": ["fc1"],
}
