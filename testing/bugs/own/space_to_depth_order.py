"""Space-to-depth by reshape gets block and channel in the wrong order."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 4, 4, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.space_to_depth(inputs["x"], 2)
  return {"y": tf.layers.conv2d(net, 4, 1, name="mix")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.mix = layers.Conv2D(4, 1, name="mix")

    def call(self, inputs, training=False):
      net = tf.reshape(inputs["x"], [-1, 2, 2, 2, 2, 3])
      net = tf.reshape(tf.transpose(net, [0, 1, 3, 5, 2, 4]), [-1, 2, 2, 12])
      return {"y": self.mix(net)}

  return Net()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["spacetodepth", "space_to_depth", "transpose", "reshape"],
}
