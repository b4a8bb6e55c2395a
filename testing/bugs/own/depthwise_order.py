"""The separable convolution by hand: depthwise on the port's side has its multiplier's channels transposed."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 5, 5, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("sep"):
    w = tf.get_variable(
      "depthwise", [3, 3, 3, 2], initializer=tf.glorot_uniform_initializer()
    )
    return {"y": tf.nn.depthwise_conv2d(inputs["x"], w, [1, 1, 1, 1], "SAME")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Sep(layers.Layer):
    def __init__(self):
      super().__init__(name="sep")

    def build(self, shapes):
      init = tf.compat.v1.glorot_uniform_initializer()
      self.w = self.add_weight(
        name="depthwise", shape=[3, 3, 3, 2], initializer=init
      )

    def call(self, inputs, training=False):
      w = tf.reshape(self.w, [3, 3, 3, 2])
      parts = [
        tf.nn.depthwise_conv2d(
          inputs["x"], w[..., m : m + 1], [1, 1, 1, 1], "SAME"
        )
        for m in range(2)
      ]
      return {"y": tf.concat(parts, -1)}

  return Sep()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["depthwise", "concat"],
}
