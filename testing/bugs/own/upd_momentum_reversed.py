"""PyTorch counts momentum the other way: the port keeps a tenth and takes nine."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    return {
      "y": tf.layers.batch_normalization(
        inputs["x"], training=training, momentum=0.9, name="bn"
      )
    }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.bn = layers.BatchNormalization(momentum=0.1, name="bn")

    def call(self, inputs, training=False):
      return {"y": self.bn(inputs["x"], training=training)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "constant",
  "accept": ["op_attribute"],
  "where": ["moving_mean", "moving_variance"],
}
