"""The port clips the gradient that flows back from the head; tf1 did not.

tf.custom_gradient leaves the forward pass alone."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 4)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  init = tf.glorot_uniform_initializer()
  with tf.variable_scope("net", initializer=init):
    net = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="body")
    return {"y": tf.layers.dense(net, 4, name="head")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  @tf.custom_gradient
  def guarded(x):
    return tf.identity(x), lambda dy: tf.clip_by_norm(dy, 0.01)

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.body = layers.Dense(6, "tanh", name="body")
      self.head = layers.Dense(4, name="head")

    def call(self, inputs, training=False):
      return {"y": self.head(guarded(self.body(inputs["x"])))}

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
  "accept": ["op_attribute", "constant", "loss_scale"],
  "where": ["net/body", "guarded", "identity", "grad_custom_clip"],
}
