"""Backpropagation through time, truncated after two steps in tf1 only."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(3, 4, 5)).astype(np.float32),
    "target": rng.normal(size=(3, 6)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("rnn"):
    w, u = tf.get_variable("w", [5, 6]), tf.get_variable("u", [6, 6])
    state = tf.zeros([3, 6])
    for step in range(4):
      if step == 2:
        state = tf.stop_gradient(state)
      state = tf.tanh(tf.matmul(inputs["x"][:, step], w) + tf.matmul(state, u))
    return {"y": state}


def tf2():
  import tensorflow as tf

  class Rnn(tf.Module):
    def __init__(self):
      super().__init__(name="rnn")
      glorot = tf.keras.initializers.GlorotUniform()
      self.w = tf.Variable(glorot([5, 6]), name="w")
      self.u = tf.Variable(glorot([6, 6]), name="u")

    def __call__(self, inputs, training=False):
      state = tf.zeros([3, 6])
      for x in tf.unstack(inputs["x"], axis=1):
        state = tf.tanh(tf.matmul(x, self.w) + tf.matmul(state, self.u))
      return {"y": state}

  return Rnn()


def rename(name):
  return "rnn/" + name


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss, rename=rename)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["stop"],
}
