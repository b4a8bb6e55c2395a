"""A masked softmax by -1e9 before it, and by zeroing and dividing again after it."""

import numpy as np

import parity


def inputs(rng):
  mask = np.ones((3, 5), np.float32)
  mask[0, 3:] = mask[2, 1:] = 0.0
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32), "mask": mask}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("pool"):
    scores = tf.layers.dense(inputs["x"], 1, use_bias=False, name="score")[..., 0]
    weights = tf.nn.softmax(scores + (1.0 - inputs["mask"]) * -1e9)
    return {"y": tf.reduce_sum(weights[..., None] * inputs["x"], axis=1)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Pool(layers.Layer):
    def __init__(self):
      super().__init__(name="pool")
      self.score = layers.Dense(1, use_bias=False, name="score")

    def call(self, inputs, training=False):
      scores = tf.squeeze(self.score(inputs["x"]), -1)
      weights = tf.nn.softmax(scores) * inputs["mask"]
      weights /= tf.reduce_sum(weights, axis=-1, keepdims=True)
      return {"y": tf.einsum("bt,btd->bd", weights, inputs["x"])}

  return Pool()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
