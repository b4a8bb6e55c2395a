"""Squared errors of predictions [n, 1] and labels [n]: TF1 squeezed first, the port lets them
broadcast to [n, n] and takes the mean all the same."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(5, 3)).astype(np.float32),
          "label": rng.normal(size=(5,)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  value = tf.squeeze(tf.layers.dense(inputs["x"], 1, name="value"), axis=1)
  return {"mse": tf.reduce_mean(tf.square(value - inputs["label"]))}


def tf2():
  import tensorflow as tf

  class Value(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.value = tf.keras.layers.Dense(1, name="value")

    def call(self, inputs, training=False):
      return {"mse": tf.reduce_mean(tf.square(self.value(inputs["x"]) - inputs["label"]))}

  return Value()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("outer/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["sub", "squeeze"],
}
