"""Space-to-depth by reshape and transpose, in the right order."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 4, 4, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return {
    "y": tf.layers.conv2d(tf.space_to_depth(inputs["x"], 2), 4, 1, name="mix")
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.mix = layers.Dense(4, name="mix")

    def build(self, shapes):
      self.kernel = self.add_weight(
        name="mix/kernel", shape=[1, 1, 12, 4], initializer="glorot_uniform"
      )
      self.bias = self.add_weight(
        name="mix/bias", shape=[4], initializer="zeros"
      )

    def call(self, inputs, training=False):
      net = tf.reshape(inputs["x"], [-1, 2, 2, 2, 2, 3])
      net = tf.reshape(tf.transpose(net, [0, 1, 3, 2, 4, 5]), [-1, 2, 2, 12])
      return {"y": tf.matmul(net, self.kernel[0, 0]) + self.bias}

  return Net()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
