"""Group norm by reshape: two groups of four channels in TF1, four groups of two in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 3, 3, 8)).astype(np.float32)}


def norm(tf, x, groups):
  n, h, w, c = x.shape.as_list()
  x = tf.reshape(x, [n, h, w, groups, c // groups])
  mean = tf.reduce_mean(x, [1, 2, 4], keepdims=True)
  var = tf.reduce_mean(tf.square(x - mean), [1, 2, 4], keepdims=True)
  return tf.reshape((x - mean) / tf.sqrt(var + 1e-5), [n, h, w, c])


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("gn"):
    net = tf.layers.conv2d(inputs["x"], 8, 3, padding="same", name="conv")
    return {"y": norm(tf, net, 2)}


def tf2():
  import tensorflow as tf

  class Gn(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="gn")
      self.conv = tf.keras.layers.Conv2D(8, 3, padding="same", name="conv")

    def call(self, inputs, training=False):
      return {"y": norm(tf, self.conv(inputs["x"]), 4)}

  return Gn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "may_fail": ["constant_weights"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["reshape", "mean"],
}
