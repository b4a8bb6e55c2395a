"""max_pooling with stride 1; Keras strides by the pool size unless told."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.conv2d(inputs["x"], 4, 3, padding="same", name="conv")
    net = tf.layers.max_pooling2d(net, 2, 1)
    return {"y": tf.reduce_mean(net, [1, 2])}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.conv, self.pool = (
        layers.Conv2D(4, 3, padding="same", name="conv"),
        layers.MaxPool2D(2),
      )
      self.mean = layers.GlobalAveragePooling2D()

    def call(self, inputs, training=False):
      return {"y": self.mean(self.pool(self.conv(inputs["x"])))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["strides", "maxpool", "max_pool"],
}
