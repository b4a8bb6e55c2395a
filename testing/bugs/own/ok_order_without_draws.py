"""The port makes its constant variables in another order; nothing is drawn, so nothing differs."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    scale = tf.get_variable("scale", [6], initializer=tf.ones_initializer())
    shift = tf.get_variable("shift", [6], initializer=tf.zeros_initializer())
    return [inputs["x"] * scale + shift, (tf.nn.relu(inputs["x"]),)]


def tf2():
  import tensorflow as tf

  class Net(tf.Module):
    def __init__(self):
      super().__init__(name="net")
      with self.name_scope:
        self.shift = tf.Variable(tf.zeros([6]), name="shift")
        self.scale = tf.Variable(tf.ones([6]), name="scale")

    def __call__(self, inputs, training=False):
      return [
        self.scale * inputs["x"] + self.shift,
        (tf.maximum(inputs["x"], 0.0),),
      ]

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["random_order"],
}
