"""MobileNet's block has a ReLU6 between depthwise and pointwise; Keras's SeparableConv2D has
none. Pixels come in -128..127."""
import numpy as np
import parity


def inputs(rng):
  return {"pixels": rng.uniform(-128, 127, size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("block"):
    depth = tf.get_variable("depthwise_kernel", [3, 3, 3, 1])
    point = tf.get_variable("pointwise_kernel", [1, 1, 3, 5])
    bias = tf.get_variable("bias", [5], initializer=tf.zeros_initializer())
    net = tf.nn.relu6(tf.nn.depthwise_conv2d(inputs["pixels"], depth, [1, 1, 1, 1], "SAME"))
    net = tf.nn.conv2d(net, point, [1, 1, 1, 1], "SAME")
    return {"map": tf.nn.bias_add(net, bias)}


def tf2():
  import tensorflow as tf
  glorot = tf.compat.v1.glorot_uniform_initializer

  class Model(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="model")
      self.block = tf.keras.layers.SeparableConv2D(
        5, 3, padding="same", depthwise_initializer=glorot(), pointwise_initializer=glorot(),
        name="block")

    def call(self, inputs, training=False):
      return {"map": self.block(inputs["pixels"])}

  return Model()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("model/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["relu6"],
}
