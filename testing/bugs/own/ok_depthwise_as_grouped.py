"""A depthwise convolution as one small convolution a channel in the port, names mapped."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("dw"):
    kernel = tf.get_variable("depthwise_weights", [3, 3, 3, 2])
    bias = tf.get_variable("biases", [6], initializer=tf.zeros_initializer())
    net = tf.nn.depthwise_conv2d(inputs["x"], kernel, [1, 2, 2, 1], "SAME")
    return {"y": tf.nn.relu6(net + bias)}


def tf2():
  import tensorflow as tf

  class Depthwise(tf.keras.layers.Layer):
    def build(self, shape):
      self.kernel = self.add_weight(
        name="kernel", shape=[3, 3, 3, 2],
        initializer=tf.compat.v1.glorot_uniform_initializer())
      self.bias = self.add_weight(name="bias", shape=[6], initializer="zeros")

    def call(self, inputs, training=False):
      maps = [
        tf.nn.conv2d(inputs["x"][..., c:c + 1], self.kernel[:, :, c:c + 1], 2, "SAME")
        for c in range(3)]
      return {"y": tf.clip_by_value(tf.concat(maps, -1) + self.bias, 0.0, 6.0)}

  return Depthwise(name="depthwise")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename={"depthwise/kernel": "dw/depthwise_weights", "depthwise/bias": "dw/biases"})
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
