"""A router of experts: tf1 renormalises the best two of a softmax, the port takes the softmax of the best two."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("moe", initializer=tf.glorot_uniform_initializer()):
    gates = tf.nn.softmax(tf.layers.dense(inputs["x"], 4, name="router"))
    best, chosen = tf.nn.top_k(gates, 2)
    best = best / tf.reduce_sum(best, 1, keepdims=True)
    experts = tf.layers.dense(inputs["x"], 4 * 3, tf.nn.tanh, name="experts")
    experts = tf.gather(tf.reshape(experts, [6, 4, 3]), chosen, batch_dims=1)
    return {"y": tf.reduce_sum(best[:, :, None] * experts, 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Moe(layers.Layer):
    def __init__(self):
      super().__init__(name="moe")
      self.router = layers.Dense(4, name="router")
      self.experts = layers.Dense(12, "tanh", name="experts")

    def call(self, inputs, training=False):
      best, chosen = tf.math.top_k(self.router(inputs["x"]), 2)
      best = tf.nn.softmax(best)
      picked = tf.one_hot(chosen, 4)
      experts = tf.reshape(self.experts(inputs["x"]), [6, 4, 3])
      return {"y": tf.einsum("bk,bke,bed->bd", best, picked, experts)}

  return Moe()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - 0.5))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["op_structure"],
}
