"""A super-resolution input stage: tf.image.resize_bicubic of TF1, which tf_upgrade_v2
turns into a note only; the port calls tf.image.resize(method="bicubic")."""
import numpy as np
import parity


def inputs(rng):
  return {"lr": rng.uniform(size=(2, 5, 5, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("sr"):
    net = tf.image.resize_bicubic(inputs["lr"], [10, 10])
    return {"hr": net + tf.layers.conv2d(net, 3, 3, padding="same", name="residual")}


def tf2():
  import tensorflow as tf

  class SuperResolution(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="sr")
      self.residual = tf.keras.layers.Conv2D(3, 3, padding="same", name="residual")

    def call(self, inputs, training=False):
      net = tf.image.resize(inputs["lr"], [10, 10], method="bicubic")
      return {"hr": net + self.residual(net)}

  return SuperResolution()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["half_pixel", "bicubic", "resize"],
}
