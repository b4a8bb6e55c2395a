"""The flattened map is channels first in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 4, 4, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("cnn"):
    net = tf.layers.conv2d(
      inputs["x"], 5, 3, activation=tf.nn.relu, name="conv"
    )
    return {"y": tf.layers.dense(tf.layers.flatten(net), 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Cnn(layers.Layer):
    def __init__(self):
      super().__init__(name="cnn")
      self.conv, self.fc = (
        layers.Conv2D(5, 3, activation="relu", name="conv"),
        layers.Dense(3, name="fc"),
      )

    def call(self, inputs, training=False):
      net = tf.transpose(self.conv(inputs["x"]), [0, 3, 1, 2])
      return {"y": self.fc(tf.reshape(net, [-1, 20]))}

  return Cnn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["transpose", "reshape", "flatten", "cnn/fc", "matmul"],
}
