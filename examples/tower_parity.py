"""A small tower: the TF1.x function, its Keras port, and the case."""

import numpy as np

import parity


def inputs(rng):
  """Arrays for both sides; rng is seeded by the case."""
  return {"x": rng.normal(size=(8, 16)).astype(np.float32)}


def tf1(inputs, training):
  """The TF1.x forward pass, called inside a fresh tf.Graph."""
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("tower"):
    net = tf.layers.dense(inputs["x"], 32, name="hidden")
    net = tf.nn.leaky_relu(net, alpha=0.2)
    net = tf.layers.dropout(net, 0.1, training=training)
    return {"logits": tf.layers.dense(net, 4, name="logits")}


def tf2():
  """Returns the port."""
  import tensorflow as tf

  class Tower(tf.keras.layers.Layer):
    """The same tower in native Keras."""

    def __init__(self):
      super().__init__(name="tower")
      self.hidden = tf.keras.layers.Dense(32, name="hidden")
      self.dropout = tf.keras.layers.Dropout(0.1)
      self.logits = tf.keras.layers.Dense(4, name="logits")

    def call(self, inputs, training=False):
      net = tf.nn.leaky_relu(self.hidden(inputs["x"]), alpha=0.2)
      net = self.dropout(net, training=training)
      return {"logits": self.logits(net)}

  return Tower()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
