"""Channels first: tf1 normalised axis 1, the Keras layer its last axis, of equal length."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(3, 4, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.batch_normalization(
      inputs["x"], axis=1, training=training, name="bn"
    )
    return {"y": tf.layers.dense(net, 2, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.bn = layers.BatchNormalization(name="bn")
      self.fc = layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(self.bn(inputs["x"], training=training))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["bn", "batchnorm"],
}
