"""Max pooling over spectrograms in decibels, all below zero: SAME never pools its padding; the port
pads by a ZeroPadding2D, and the zeros win."""
import numpy as np
import parity


def inputs(rng):
  return {"decibel": rng.uniform(-8, -2, size=(2, 9, 9, 1)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("front"):
    net = tf.layers.max_pooling2d(inputs["decibel"], 3, 2, padding="same")
    net = tf.layers.conv2d(net, 6, 3, padding="same", activation=tf.nn.elu, name="conv")
    return {"y": tf.reduce_mean(net, [1, 2])}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Front(layers.Layer):
    def __init__(self):
      super().__init__(name="front")
      self.pad = layers.ZeroPadding2D(1)
      self.pool = layers.MaxPool2D(3, 2, padding="valid")
      self.conv = layers.Conv2D(6, 3, padding="same", activation="elu", name="conv")

    def call(self, inputs, training=False):
      net = self.conv(self.pool(self.pad(inputs["decibel"])))
      return {"y": tf.reduce_mean(net, [1, 2])}

  return Front()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute", "constant"],
  "where": ["pad", "pool"],
}
