"""Two heads of one shape: the port draws the second one's kernel first."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="fc")
    a = tf.layers.dense(net, 4, name="a")
    return {"y": a - tf.layers.dense(net, 4, name="b")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(6, "tanh", name="fc")
      self.a, self.b = layers.Dense(4, name="a"), layers.Dense(4, name="b")

    def call(self, inputs, training=False):
      net = self.fc(inputs["x"])
      b = self.b(net)
      return {"y": self.a(net) - b}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "random_order",
  "accept": [],
  "where": ["net/a", "net/b"],
  "may_fail": ["random_functional"],
}
