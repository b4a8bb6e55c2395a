"""A 1x1 convolution, written as einsum over channels-first features in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 5, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("head"):
    net = tf.nn.relu(tf.layers.conv2d(inputs["x"], 6, 1, name="conv"))
    return {"pooled": tf.reduce_mean(net, [1, 2])}


def tf2():
  import tensorflow as tf

  class Head(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = tf.Variable(init([1, 1, 4, 6]), name="head/conv/kernel")
      self.bias = tf.Variable(tf.zeros([6]), name="head/conv/bias")

    def __call__(self, inputs, training=False):
      x = tf.transpose(inputs["x"], [0, 3, 1, 2])
      net = tf.einsum("bchw,cd->bdhw", x, self.kernel[0, 0])
      net = tf.nn.relu(net + self.bias[:, None, None])
      return {"pooled": tf.reduce_mean(net, axis=(2, 3))}

  return Head()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
