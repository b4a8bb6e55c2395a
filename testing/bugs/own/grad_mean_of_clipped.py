"""The port clips its activations with a gradient of its own, which does not stop outside the bounds."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 4)).astype(np.float32),
  }

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, name="fc1")
    return {"y": tf.layers.dense(tf.clip_by_value(net, -0.5, 0.5), 4, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers
  @tf.custom_gradient
  def clip(x):
    return tf.clip_by_value(x, -0.5, 0.5), lambda dy: dy
  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, name="fc1")
      self.fc2 = layers.Dense(4, name="fc2")

    def call(self, inputs, training=False):
      return {"y": self.fc2(clip(self.fc1(inputs["x"])))}

  return Net()


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
  "where": ["clip", "minimum", "maximum", "net/fc1"],
}
