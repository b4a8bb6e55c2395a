"""tf1 standardised by the unbiased deviation; the port calls reduce_std, which is the biased one."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = inputs["x"]
  with tf.variable_scope("net"):
    mean, variance = tf.nn.moments(x, [0])
    x = (x - mean) / tf.sqrt(variance * 5.0 / 4.0)
    return {"y": tf.layers.dense(x, 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      x = inputs["x"]
      centred = x - tf.reduce_mean(x, axis=0)
      return {"y": self.fc(centred / tf.math.reduce_std(x, axis=0))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["biased"],
}
