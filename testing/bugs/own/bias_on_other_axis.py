"""Channels first: bias_add knows the axis, a plain + adds along the width, which is as long."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 4, 4, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    bias = tf.get_variable(
      "bias", [4], initializer=tf.random_normal_initializer(stddev=0.5)
    )
    net = tf.nn.bias_add(inputs["x"], bias, data_format="NCHW")
    return {"y": tf.nn.relu(net)}


def tf2():
  import tensorflow as tf

  class Net(tf.Module):
    def __init__(self):
      super().__init__(name="net")
      with self.name_scope:
        init = tf.compat.v1.random_normal_initializer(stddev=0.5)
        self.bias = tf.Variable(init([4]), name="bias")

    @tf.function
    def __call__(self, inputs, training=False):
      return {"y": tf.nn.relu(inputs["x"] + self.bias)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "op_attribute",
  "accept": ["op_structure", "constant"],
  "where": ["bias", "add"],
}
