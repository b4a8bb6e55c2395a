"""Sub-pixel upsampling: depth_to_space reads block offsets before channels; the port follows
PyTorch's pixel_shuffle, channels first."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(1, 3, 3, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("up"):
    net = tf.layers.conv2d(inputs["x"], 8, 3, padding="same", name="conv")
    return {"hr": tf.depth_to_space(net, 2)}


def tf2():
  import tensorflow as tf

  class Up(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="up")
      self.conv = tf.keras.layers.Conv2D(8, 3, padding="same", name="conv")

    def call(self, inputs, training=False):
      net = self.conv(inputs["x"])
      net = tf.reshape(net, [-1, 3, 3, 2, 2, 2])
      net = tf.transpose(net, [0, 1, 4, 2, 5, 3])
      return {"hr": tf.reshape(net, [-1, 6, 6, 2])}

  return Up()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["depthtospace", "depth_to_space", "transpose", "reshape"],
}
