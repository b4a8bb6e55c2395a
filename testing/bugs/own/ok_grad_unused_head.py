"""A head that the loss does not look at; its weights have no gradient, and stay."""

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
    net = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="fc1")
    other = tf.layers.dense(net, 2, name="other")
    return {"y": tf.layers.dense(net, 4, name="fc2"), "other": other}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(6, "tanh", name="fc1")
      self.other = layers.Dense(2, name="other")
      self.fc2 = layers.Dense(4, name="fc2")

    def call(self, inputs, training=False):
      net = self.fc1(inputs["x"])
      other = self.other(net)
      return {"y": self.fc2(net), "other": other}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))


def tf1_optimizer():
  import tensorflow.compat.v1 as tf

  return tf.train.AdamOptimizer(0.01, epsilon=1e-4)


def tf2_optimizer():
  import tensorflow as tf

  return tf.keras.optimizers.Adam(0.01, epsilon=1e-4)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
