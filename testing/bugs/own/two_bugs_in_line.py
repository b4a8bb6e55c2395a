"""Two bugs on one path: the stride's padding, and the epsilon of the norm behind it."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.conv2d(
      inputs["x"],
      4,
      3,
      activation=tf.nn.leaky_relu,
      padding="same",
      name="conv",
    )
    net = tf.layers.dropout(net, 0.3, training=training)
    net = tf.clip_by_value(net, -0.5, 0.5)
    return {"y": tf.layers.dense(net, 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.conv = layers.Conv2D(
        4, 3, padding="same", activation=layers.LeakyReLU(), name="conv"
      )
      self.drop, self.fc = layers.Dropout(0.3), layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      net = self.drop(self.conv(inputs["x"]), training=training)
      return {"y": self.fc(tf.clip_by_value(net, -1.0, 1.0))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_attribute",
  "accept": ["constant"],
  "where": ["leaky"],
}
