"""Batch norm over NCHW by moments in TF1; transposed to NHWC, fused, and back in the port, the
moving averages with it."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(2.0, 3.0, size=(4, 3, 5, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("cf"):
    net = tf.layers.batch_normalization(
      inputs["x"], axis=1, fused=False, momentum=0.9, training=training, name="bn")
    return {"y": tf.nn.relu(net)}


def tf2():
  import tensorflow as tf

  class Norm(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="cf")
      self.bn = tf.keras.layers.BatchNormalization(momentum=0.9, fused=False, name="bn")

    def call(self, inputs, training=False):
      x = tf.transpose(inputs["x"], [0, 2, 3, 1])
      return {"y": tf.transpose(tf.nn.relu(self.bn(x, training=training)), [0, 3, 1, 2])}

  return Norm()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
