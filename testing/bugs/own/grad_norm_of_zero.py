"""The norm of a zero vector: tf.norm's slope is NaN there, tf1's guarded root has one."""

import numpy as np

import parity


def inputs(rng):
  x = rng.normal(size=(6, 5)).astype(np.float32)
  x[4:] = 0.0
  return {"x": x, "target": rng.normal(size=(6, 4)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 4, use_bias=False, name="fc1")
    length = tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(net), 1, True), 1e-14))
    return {"y": net + length}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(4, use_bias=False, name="fc1")

    def call(self, inputs, training=False):
      net = self.fc1(inputs["x"])
      return {"y": net + tf.norm(net, axis=1, keepdims=True)}

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
  "accept": ["constant", "op_attribute"],
  "where": ["norm", "sqrt", "maximum", "net/fc1"],
}
