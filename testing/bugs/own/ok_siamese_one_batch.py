"""Both towers of a siamese net in one batch, and the difference of the unit vectors instead of their
product: |a - b|^2 = 2 - 2ab. Nothing in the tower looks across the batch."""
import numpy as np
import parity


def inputs(rng):
  return {
    "left": rng.normal(size=(3, 6, 6, 2)).astype(np.float32),
    "right": rng.normal(size=(3, 6, 6, 2)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def tower(x):
    with tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
      net = tf.layers.conv2d(x, 4, 3, name="conv")
      mean, var = tf.nn.moments(net, [1, 2], keep_dims=True)
      net = tf.nn.relu(tf.nn.batch_normalization(net, mean, var, None, None, 1e-5))
      net = tf.layers.dense(tf.layers.flatten(net), 3, name="embed")
      return tf.nn.l2_normalize(net, 1)

  with tf.variable_scope("match"):
    left, right = tower(inputs["left"]), tower(inputs["right"])
    return {"apart": 2 - 2 * tf.reduce_sum(left * right, 1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Match(layers.Layer):
    def __init__(self):
      super().__init__(name="match")
      self.conv = layers.Conv2D(4, 3, name="conv")
      self.embed = layers.Dense(3, name="embed")

    def call(self, inputs, training=False):
      net = self.conv(tf.concat([inputs["left"], inputs["right"]], axis=0))
      centred = net - tf.reduce_mean(net, axis=[1, 2], keepdims=True)
      var = tf.reduce_mean(centred * centred, axis=[1, 2], keepdims=True)
      net = tf.nn.relu(centred / tf.sqrt(var + 1e-5))
      net = self.embed(tf.reshape(net, [6, -1]))
      left, right = tf.split(net / tf.norm(net, axis=1, keepdims=True), 2)
      return {"apart": tf.reduce_sum(tf.math.squared_difference(left, right), axis=1)}

  return Match()


CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=tf2,
  rename={"match/conv/kernel": "match/tower/conv/kernel", "match/conv/bias": "match/tower/conv/bias",
          "match/embed/kernel": "match/tower/embed/kernel", "match/embed/bias": "match/tower/embed/bias"},
)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
