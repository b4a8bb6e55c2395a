"""conv2d_transpose with stride 2, VALID: zeros put between the pixels and a convolution with
the flipped kernel in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"z": rng.normal(size=(2, 3, 3, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("gen"):
    return {"x": tf.layers.conv2d_transpose(inputs["z"], 5, 3, strides=2, name="up")}


def tf2():
  import tensorflow as tf

  class Generator(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = tf.Variable(init([3, 3, 5, 4]), name="gen/up/kernel")
      self.bias = tf.Variable(tf.zeros([5]), name="gen/up/bias")

    def __call__(self, inputs, training=False):
      z = inputs["z"]
      spread = tf.reshape(z, [2, 3, 1, 3, 1, 4])
      spread = tf.pad(spread, [[0, 0], [0, 0], [0, 1], [0, 0], [0, 1], [0, 0]])
      spread = tf.reshape(spread, [2, 6, 6, 4])[:, :5, :5]
      spread = tf.pad(spread, [[0, 0], [2, 2], [2, 2], [0, 0]])
      kernel = tf.transpose(tf.reverse(self.kernel, [0, 1]), [0, 1, 3, 2])
      return {"x": tf.nn.conv2d(spread, kernel, 1, "VALID") + self.bias}

  return Generator()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
