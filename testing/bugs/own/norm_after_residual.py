"""Pre-norm became post-norm: TF1 normalises before the feed-forward block, the port after the
sum."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = inputs["x"]
  with tf.variable_scope("block"):
    gamma = tf.get_variable("ln/gamma", [6], initializer=tf.ones_initializer())
    beta = tf.get_variable("ln/beta", [6], initializer=tf.zeros_initializer())
    mean, var = tf.nn.moments(x, [-1], keep_dims=True)
    net = (x - mean) * tf.rsqrt(var + 1e-6) * gamma + beta
    net = tf.layers.dense(net, 12, tf.nn.relu, name="up")
    return {"y": x + tf.layers.dense(net, 6, name="down")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Block(layers.Layer):
    def __init__(self):
      super().__init__(name="block")
      self.ln = layers.LayerNormalization(epsilon=1e-6, name="ln")
      self.up = layers.Dense(12, "relu", name="up")
      self.down = layers.Dense(6, name="down")

    def call(self, inputs, training=False):
      x = inputs["x"]
      return {"y": self.ln(x + self.down(self.up(x)))}

  return Block()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "may_fail": ["variables_match"],
  "cause": "op_structure",
  "accept": [],
  "where": ["ln", "up", "moments", "mean"],
}
