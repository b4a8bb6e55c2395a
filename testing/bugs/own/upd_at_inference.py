"""Spectral normalisation: the port moves its power-iteration vector at inference too."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", use_resource=True):
    kernel = tf.get_variable("kernel", [5, 3])
    u = tf.get_variable(
      "u", [1, 3], trainable=False,
      initializer=tf.random_normal_initializer(),
    )
    v = tf.nn.l2_normalize(tf.matmul(u, kernel, transpose_b=True))
    new = tf.nn.l2_normalize(tf.matmul(v, kernel))
    sigma = tf.matmul(tf.matmul(v, kernel), new, transpose_b=True)
    y = tf.matmul(inputs["x"], kernel / sigma)
    if training:
      with tf.control_dependencies([y]):
        update = u.assign(new)
      tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update.op)
    return {"y": y}


def tf2():
  import tensorflow as tf

  class Net(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="net")

    def build(self, shapes):
      self.kernel = self.add_weight(
        name="kernel", shape=[5, 3], initializer="glorot_uniform"
      )
      self.u = self.add_weight(
        name="u", shape=[1, 3], trainable=False,
        initializer=tf.keras.initializers.RandomNormal(stddev=1.0),
      )

    def call(self, inputs, training=False):
      v = tf.nn.l2_normalize(tf.matmul(self.u, self.kernel, transpose_b=True))
      new = tf.nn.l2_normalize(tf.matmul(v, self.kernel))
      sigma = tf.matmul(tf.matmul(v, self.kernel), new, transpose_b=True)
      y = tf.matmul(inputs["x"], self.kernel / sigma)
      self.u.assign(new)
      return {"y": y}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": [],
  "cause": "training_flag",
  "accept": ["update_missing"],
  "where": ["net/u"],
  "may_fail": ["constant_weights"],
}
