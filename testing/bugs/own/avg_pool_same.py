"""Average pooling over a ragged edge: SAME divides by what is there, VALID drops the edge."""

import numpy as np

import parity


def inputs(rng):
  return {"image": rng.normal(2.0, size=(2, 7, 7, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  net = tf.layers.conv2d(inputs["image"], 4, 1, name="point")
  net = tf.nn.avg_pool(net, [1, 3, 3, 1], [1, 2, 2, 1], "SAME")
  return {"pooled": tf.reduce_mean(net, [1, 2])}


def tf2():
  import tensorflow as tf

  class Pool(tf.Module):
    def __init__(self):
      super().__init__(name="pool")
      init = tf.compat.v1.glorot_uniform_initializer()
      with tf.name_scope("point"):
        self.kernel = tf.Variable(init([1, 1, 3, 4]), name="kernel")
        self.bias = tf.Variable(tf.zeros([4]), name="bias")

    def __call__(self, inputs, training=False):
      net = tf.nn.conv2d(inputs["image"], self.kernel, 1, "VALID") + self.bias
      net = tf.nn.avg_pool2d(net, 3, 2, "VALID")
      return {"pooled": tf.reduce_mean(net, [1, 2])}

  return Pool()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["padding", "avgpool", "avg_pool"],
}
