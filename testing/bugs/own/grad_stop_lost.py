"""A siamese net that learns from one branch only.

TF1 stops the gradient of the other branch; the Keras rewrite forgot it. The
forward pass is the same."""

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
  with tf.variable_scope("siam", initializer=init):
    online = tf.layers.dense(inputs["x"], 4, tf.nn.tanh, name="online")
    anchor = tf.layers.dense(inputs["target"], 4, tf.nn.tanh, name="anchor")
    return {"online": online, "anchor": tf.stop_gradient(anchor)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Siam(layers.Layer):
    def __init__(self):
      super().__init__(name="siam")
      self.online = layers.Dense(4, "tanh", name="online")
      self.anchor = layers.Dense(4, "tanh", name="anchor")

    def call(self, inputs, training=False):
      online = self.online(inputs["x"])
      return {"online": online, "anchor": self.anchor(inputs["target"])}

  return Siam()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["online"] - outputs["anchor"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["stop", "anchor"],
}
