"""A 3-D convolution as a sum of 2-D ones over the depth."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(1, 4, 5, 5, 2)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return {"y": tf.layers.conv3d(inputs["x"], 3, 3, padding="valid", activation=tf.nn.relu, name="c")}


def tf2():
  import tensorflow as tf

  class Net(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = tf.Variable(init([3, 3, 3, 2, 3]), name="c/kernel")
      self.bias = tf.Variable(tf.zeros([3]), name="c/bias")

    def __call__(self, inputs, training=False):
      x = inputs["x"]
      planes = [
        sum(tf.nn.conv2d(x[:, d + k], self.kernel[k], 1, "VALID") for k in range(3))
        for d in range(2)]
      return {"y": tf.nn.relu(tf.stack(planes, 1) + self.bias)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
