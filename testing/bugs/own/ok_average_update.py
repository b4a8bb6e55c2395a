"""A moving average by assign_moving_average, and its formula in the port."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(2.0, size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  from tensorflow.python.training import moving_averages

  with tf.variable_scope("centre", use_resource=True):
    mean = tf.get_variable(
      "mean", [6], initializer=tf.ones_initializer(), trainable=False
    )
    result = inputs["x"] - mean
    if training:
      with tf.control_dependencies([result]):
        new = tf.reduce_mean(inputs["x"], 0)
        update = moving_averages.assign_moving_average(
          mean, new, 0.9, zero_debias=False
        )
      tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
    return {"y": result}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Centre(layers.Layer):
    def __init__(self):
      super().__init__(name="centre")

    def build(self, shapes):
      self.mean = self.add_weight(
        name="mean", shape=[6], initializer="ones", trainable=False
      )

    def call(self, inputs, training=False):
      result = inputs["x"] - self.mean
      if training:
        self.mean.assign(0.9 * self.mean + 0.1 * tf.reduce_mean(inputs["x"], 0))
      return {"y": result}

  return Centre()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["update_missing"],
}
