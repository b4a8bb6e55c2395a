"""A codebook that follows the means of its codes: assign_moving_average in tf1, assign_sub in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  from tensorflow.python.training import moving_averages

  with tf.variable_scope("vq", use_resource=True):
    codebook = tf.get_variable("codebook", [3, 4], trainable=False)
    z = tf.layers.dense(inputs["x"], 4, name="encoder")
    size = tf.get_variable(
      "size", [3], initializer=tf.ones_initializer(), trainable=False
    )
    mass = tf.get_variable(
      "mass", [3, 4], initializer=tf.zeros_initializer(), trainable=False
    )
    distances = tf.reduce_sum(tf.square(z[:, None] - codebook[None]), 2)
    chosen = tf.one_hot(tf.argmin(distances, 1), 3)
    if training:
      average = moving_averages.assign_moving_average
      sizes = average(size, tf.reduce_sum(chosen, 0), 0.9, zero_debias=False)
      sums = tf.matmul(chosen, z, transpose_a=True)
      masses = average(mass, sums, 0.9, zero_debias=False)
      total = tf.reduce_sum(sizes)
      smooth = (sizes + 1e-2) / (total + 3 * 1e-2) * total
      moved = codebook.assign(masses / smooth[:, None])
      tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, moved)
    return {"distances": distances}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class VQ(layers.Layer):
    def __init__(self):
      super().__init__(name="vq")
      self.encoder = layers.Dense(4, name="encoder")

    def build(self, shapes):
      self.codebook = self.add_weight(
        name="codebook",
        shape=[3, 4],
        initializer=tf.compat.v1.glorot_uniform_initializer(),
        trainable=False,
      )
      self.size = self.add_weight(
        name="size", shape=[3], initializer="ones", trainable=False
      )
      self.mass = self.add_weight(
        name="mass", shape=[3, 4], initializer="zeros", trainable=False
      )

    def call(self, inputs, training=False):
      z = self.encoder(inputs["x"])
      codebook = tf.convert_to_tensor(self.codebook)
      distances = tf.reduce_sum((z[:, None] - codebook[None]) ** 2, 2)
      if training:
        chosen = tf.argmin(distances, 1)
        counts = tf.math.unsorted_segment_sum(tf.ones([6]), chosen, 3)
        sums = tf.math.unsorted_segment_sum(z, chosen, 3)
        self.size.assign(0.9 * self.size + 0.1 * counts)
        self.mass.assign(0.9 * self.mass + 0.1 * sums)
        total = tf.reduce_sum(self.size)
        smooth = (self.size + 1e-2) * total / (total + 0.03)
        self.codebook.assign(self.mass / tf.expand_dims(smooth, 1))
      return {"distances": distances}

  return VQ()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["update_missing", "op_structure"],
}
