"""One inner step of meta-learning: tf1 is first-order, the port differentiates through the step."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 4)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("meta"):
    w = tf.get_variable("w", [5, 4])
    inner = tf.reduce_mean(tf.square(tf.matmul(inputs["x"], w)))
    slope = tf.stop_gradient(tf.gradients(inner, [w])[0])
    return {"y": tf.matmul(inputs["x"], w - 0.5 * slope)}


def tf2():
  import tensorflow as tf

  class Meta(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="meta")

    def build(self, shapes):
      self.w = self.add_weight(
        name="w", shape=[5, 4], initializer="glorot_uniform"
      )

    def call(self, inputs, training=False):
      with tf.GradientTape() as tape:
        inner = tf.reduce_mean(tf.square(tf.matmul(inputs["x"], self.w)))
      slope = tape.gradient(inner, self.w)
      return {"y": tf.matmul(inputs["x"], self.w - 0.5 * slope)}

  return Meta()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute", "constant"],
  "where": ["stop", "meta/w"],
}
