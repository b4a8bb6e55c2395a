"""A gradient reversal of strength 0.3; the port's custom gradient reverses with full strength."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 4)).astype(np.float32),
  }

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("dann"):
    net = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="features")
    flipped = tf.stop_gradient(1.3 * net) - 0.3 * net
    return {"y": tf.layers.dense(flipped, 4, name="domain")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers
  @tf.custom_gradient
  def flip(x):
    return tf.identity(x), lambda dy: -dy
  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="dann")
      self.features = layers.Dense(6, "tanh", name="features")
      self.domain = layers.Dense(4, name="domain")

    def call(self, inputs, training=False):
      return {"y": self.domain(flip(self.features(inputs["x"])))}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "constant",
  "accept": ["op_structure", "op_attribute", "loss_scale"],
  "where": ["dann/features", "flip", "stop"],
}
