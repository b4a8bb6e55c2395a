"""Squeeze-and-excite with TF1 Keras's hard_sigmoid (0.2 x + 0.5) became MobileNetV3's
relu6(x + 3) / 6."""
import numpy as np
import parity


def inputs(rng):
  return {"x": (4 * rng.normal(size=(2, 4, 4, 6))).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("se"):
    squeezed = tf.reduce_mean(inputs["x"], [1, 2])
    net = tf.layers.dense(squeezed, 3, tf.nn.relu, name="reduce")
    gate = tf.layers.dense(net, 6, tf.keras.activations.hard_sigmoid, name="expand")
    return {"y": inputs["x"] * gate[:, None, None, :]}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class SqueezeExcite(layers.Layer):
    def __init__(self):
      super().__init__(name="se")
      self.pool = layers.GlobalAveragePooling2D(keepdims=True)
      self.reduce = layers.Dense(3, "relu", name="reduce")
      self.expand = layers.Dense(6, lambda v: tf.nn.relu6(v + 3.0) / 6.0, name="expand")

    def call(self, inputs, training=False):
      x = inputs["x"]
      return {"y": x * self.expand(self.reduce(self.pool(x)))}

  return SqueezeExcite()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["mul", "expand", "relu6", "add", "clip"],
}
