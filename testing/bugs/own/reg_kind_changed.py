"""L1 in tf1, L2 of the same strength in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    l1 = tf.keras.regularizers.l1(0.01)
    return {"y": tf.layers.dense(inputs["x"], 6, name="fc", kernel_regularizer=l1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      l2 = tf.keras.regularizers.l2(0.01)
      self.fc = layers.Dense(6, name="fc", kernel_regularizer=l2)

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "regularization",
  "accept": ["loss_scale"],
  "where": ["fc", "regulari"],
}
