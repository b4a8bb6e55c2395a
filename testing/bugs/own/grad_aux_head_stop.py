"""An auxiliary head that must not train the trunk: tf1 feeds it behind a stop_gradient."""

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
    trunk = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="trunk")
    aux = tf.layers.dense(tf.stop_gradient(trunk), 4, name="aux")
    return {"y": tf.layers.dense(trunk, 4, name="head"), "aux": aux}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.trunk = layers.Dense(6, "tanh", name="trunk")
      self.aux = layers.Dense(4, name="aux")
      self.head = layers.Dense(4, name="head")

    def call(self, inputs, training=False):
      trunk = self.trunk(inputs["x"])
      aux = self.aux(trunk)
      return {"y": self.head(trunk), "aux": aux}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  main = tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))
  return main + tf.reduce_mean(tf.square(outputs["aux"] - inputs["target"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["stop"],
}
