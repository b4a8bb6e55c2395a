"""A tower used twice under AUTO_REUSE, and one Keras layer called twice."""

import numpy as np

import parity


def inputs(rng):
  return {
    "a": rng.normal(size=(4, 5)).astype(np.float32),
    "b": rng.normal(size=(4, 5)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  def tower(x):
    with tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
      l2 = tf.keras.regularizers.l2(0.01)
      return tf.layers.dense(x, 3, name="fc", kernel_regularizer=l2)

  return {"y": tower(inputs["a"]) * tower(inputs["b"])}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Tower(layers.Layer):
    def __init__(self):
      super().__init__(name="tower")
      l2 = tf.keras.regularizers.l2(0.01)
      self.fc = layers.Dense(3, name="fc", kernel_regularizer=l2)

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["a"]) * self.fc(inputs["b"])}

  return Tower()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
