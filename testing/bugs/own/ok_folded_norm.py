"""A frozen batch norm, folded into the kernel of the convolution before it."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("stem"):
    net = tf.layers.conv2d(inputs["x"], 4, 3, use_bias=False, name="conv")
    net = tf.layers.batch_normalization(net, training=False, name="bn")
    return {"y": tf.nn.relu(net)}


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Stem(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=None):
      with v1.variable_scope("stem"):
        kernel = v1.get_variable("conv/kernel", [3, 3, 3, 4])
        zeros, ones = v1.zeros_initializer(), v1.ones_initializer()
        gamma = v1.get_variable("bn/gamma", [4], initializer=ones)
        beta = v1.get_variable("bn/beta", [4], initializer=zeros)
        mean = v1.get_variable("bn/moving_mean", [4], initializer=zeros, trainable=False)
        var = v1.get_variable("bn/moving_variance", [4], initializer=ones, trainable=False)
      scale = gamma * tf.math.rsqrt(var + 1e-3)
      net = tf.nn.conv2d(inputs["x"], kernel * scale, 1, "VALID")
      return {"y": tf.nn.relu(net + (beta - mean * scale))}

  return Stem(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
