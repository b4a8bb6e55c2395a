"""A noisy-or over detectors: a product, which the port takes by logarithms.

Where a detector is masked out the product is zero either way, and the port's gradient is NaN."""

import numpy as np

import parity


def inputs(rng):
  mask = np.ones((6, 4), np.float32)
  mask[1, 2] = mask[4, 0] = 0
  return {"x": rng.normal(size=(6, 5)).astype(np.float32), "mask": mask}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", initializer=tf.glorot_uniform_initializer()):
    p = tf.layers.dense(inputs["x"], 4, tf.sigmoid, name="detectors")
    return {"all": tf.reduce_prod(p * inputs["mask"], 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.detectors = layers.Dense(4, "sigmoid", name="detectors")

    def call(self, inputs, training=False):
      p = self.detectors(inputs["x"]) * inputs["mask"]
      return {"all": tf.exp(tf.reduce_sum(tf.math.log(p), 1))}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["all"] - 0.5))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["prod", "log", "exp", "detectors"],
}
