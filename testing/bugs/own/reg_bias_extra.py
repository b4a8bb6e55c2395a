"""The port penalises the bias as well; biases start at zero, so only constant weights tell."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    l1 = tf.keras.regularizers.l1(0.05)
    return {
      "y": tf.layers.dense(inputs["x"], 8, name="fc", kernel_regularizer=l1)
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      l1 = tf.keras.regularizers.l1(0.05)
      self.fc = layers.Dense(
        8, name="fc", kernel_regularizer=l1, bias_regularizer=l1
      )

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"])}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": [],
  "cause": "regularization",
  "accept": [],
  "where": ["fc/bias", "regulari"],
}
