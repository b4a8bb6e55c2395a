"""Style transfer pads by reflection; the port pads symmetrically, repeating the border."""
import numpy as np
import parity


def inputs(rng):
  return {"image": rng.uniform(size=(1, 7, 7, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("style"):
    x = tf.pad(inputs["image"], [[0, 0], [2, 2], [2, 2], [0, 0]], "REFLECT")
    x = tf.layers.conv2d(x, 4, 5, activation=tf.nn.relu, name="c1")
    return {"y": tf.layers.conv2d(x, 3, 1, name="c2")}


def tf2():
  import tensorflow as tf

  class Style(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="style")
      self.c1 = tf.keras.layers.Conv2D(4, 5, activation="relu", name="c1")
      self.c2 = tf.keras.layers.Conv2D(3, 1, name="c2")

    def call(self, inputs, training=False):
      x = tf.pad(inputs["image"], [[0, 0], [2, 2], [2, 2], [0, 0]], mode="SYMMETRIC")
      return {"y": self.c2(self.c1(x))}

  return Style()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": [],
  "where": ["mode", "mirrorpad"],
}
