"""Discounted returns by tf.scan(reverse=True); the port's scan runs forwards."""
import numpy as np
import parity


def inputs(rng):
  return {"reward": rng.normal(size=(6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  reward = inputs["reward"]
  returns = tf.scan(lambda later, r: r + 0.9 * later, reward, tf.zeros([3]), reverse=True)
  return {"value": tf.layers.dense(returns, 1, name="critic")}


def tf2():
  import tensorflow as tf

  class Critic(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.critic = tf.keras.layers.Dense(1, name="critic")

    def call(self, inputs, training=False):
      returns = tf.scan(lambda later, r: r + 0.9 * later, inputs["reward"], tf.zeros([3]))
      return {"value": self.critic(returns)}

  return Critic()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["scan"],
}
