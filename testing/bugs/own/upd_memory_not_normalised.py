"""A memory bank of unit vectors: the port writes its averages back as they are."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(3, 4)).astype(np.float32),
    "slot": np.array([5, 0, 2], np.int32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("bank"):
    memory = tf.get_variable("memory", [6, 4], trainable=False)
    z = tf.nn.l2_normalize(tf.layers.dense(inputs["x"], 4, name="fc"), 1)
    old = tf.gather(memory, inputs["slot"])
    if training:
      new = tf.nn.l2_normalize(0.5 * old + 0.5 * z, 1)
      moved = tf.scatter_update(memory, inputs["slot"], new)
      tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, moved)
    return {"similar": tf.matmul(z, old, transpose_b=True)}


def tf2():
  import tensorflow as tf

  init = tf.compat.v1.glorot_uniform_initializer()

  class Bank(tf.Module):
    def __init__(self):
      super().__init__(name="bank")
      with tf.name_scope("bank"):
        self.memory = tf.Variable(init([6, 4]), trainable=False, name="memory")
      with tf.name_scope("bank/fc"):
        self.kernel = tf.Variable(init([4, 4]), name="kernel")
        self.bias = tf.Variable(tf.zeros([4]), name="bias")

    def __call__(self, inputs, training=False):
      z = tf.math.l2_normalize(inputs["x"] @ self.kernel + self.bias, 1)
      old = tf.gather(self.memory, inputs["slot"])
      if training:
        new = 0.5 * (old + z)
        self.memory.scatter_update(tf.IndexedSlices(new, inputs["slot"]))
      return {"similar": tf.matmul(z, old, transpose_b=True)}

  return Bank()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["memory"],
}
