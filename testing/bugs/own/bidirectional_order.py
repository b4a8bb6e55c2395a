"""Forward and backward states are joined the other way round."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("bi"):

    def run(name, x):
      with tf.variable_scope(name):
        w = tf.get_variable(
          "w", [4, 3], initializer=tf.glorot_uniform_initializer()
        )
        u = tf.get_variable(
          "u", [3, 3], initializer=tf.orthogonal_initializer()
        )
      h = tf.zeros([3, 3])
      for t in range(5):
        h = tf.tanh(tf.matmul(x[:, t], w) + tf.matmul(h, u))
      return h

    fw = run("fw", inputs["x"])
    bw = run("bw", tf.reverse(inputs["x"], [1]))
    return {"state": tf.concat([fw, bw], 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Bi(layers.Layer):
    def __init__(self):
      super().__init__(name="bi")

    def build(self, shapes):
      for name in ("fw", "bw"):
        w = self.add_weight(
          name=name + "/w", shape=[4, 3], initializer="glorot_uniform"
        )
        u = self.add_weight(
          name=name + "/u",
          shape=[3, 3],
          initializer=tf.compat.v1.orthogonal_initializer(),
        )
        setattr(self, name, [w, u])

    def call(self, inputs, training=False):
      def run(weights, x):
        h = tf.zeros([3, 3])
        for t in range(5):
          h = tf.tanh(tf.matmul(x[:, t], weights[0]) + tf.matmul(h, weights[1]))
        return h

      fw = run(self.fw, inputs["x"])
      bw = run(self.bw, tf.reverse(inputs["x"], [1]))
      return {"state": tf.concat([bw, fw], 1)}

  return Bi()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["concat"],
  "may_fail": ["constant_weights"],
}
