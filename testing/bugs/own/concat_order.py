"""Two towers are joined in the other order; the shapes do not tell."""

import numpy as np

import parity


def inputs(rng):
  return {
    "user": rng.normal(size=(4, 6)).astype(np.float32),
    "item": rng.normal(size=(4, 6)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("match"):
    user = tf.layers.dense(
      inputs["user"], 5, activation=tf.nn.relu, name="user"
    )
    item = tf.layers.dense(
      inputs["item"], 5, activation=tf.nn.relu, name="item"
    )
    return {"score": tf.layers.dense(tf.concat([user, item], 1), 2, name="out")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Match(layers.Layer):
    def __init__(self):
      super().__init__(name="match")
      self.user = layers.Dense(5, "relu", name="user")
      self.item = layers.Dense(5, "relu", name="item")
      self.out = layers.Dense(2, name="out")

    def call(self, inputs, training=False):
      user, item = self.user(inputs["user"]), self.item(inputs["item"])
      return {"score": self.out(tf.concat([item, user], axis=-1))}

  return Match()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["concat", "operands"],
}
