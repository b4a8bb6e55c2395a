"""ResNet v1 strides in the bottleneck's first convolution; the port is v1.5, which strides in the
second. All shapes agree."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 8, 8, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("unit"):
    net = tf.layers.conv2d(inputs["x"], 3, 1, 2, activation=tf.nn.relu, name="c1")
    net = tf.layers.conv2d(net, 3, 3, 1, "same", activation=tf.nn.relu, name="c2")
    return {"y": tf.layers.conv2d(net, 6, 1, name="c3")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Unit(layers.Layer):
    def __init__(self):
      super().__init__(name="unit")
      self.c1 = layers.Conv2D(3, 1, activation="relu", name="c1")
      self.c2 = layers.Conv2D(3, 3, 2, "same", activation="relu", name="c2")
      self.c3 = layers.Conv2D(6, 1, name="c3")

    def call(self, inputs, training=False):
      return {"y": self.c3(self.c2(self.c1(inputs["x"])))}

  return Unit()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "may_fail": ["constant_weights"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["strides"],
}
