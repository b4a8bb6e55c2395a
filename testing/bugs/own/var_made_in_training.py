"""The port makes its temperature when it is first called in training."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 4, name="fc")
    heat = tf.get_variable("heat", [], initializer=tf.ones_initializer())
    return {"y": net / heat if training else net}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(4, name="fc")
      self.heat = None

    def call(self, inputs, training=False):
      net = self.fc(inputs["x"])
      if not training:
        return {"y": net}
      if self.heat is None:
        self.heat = self.add_weight(name="heat", shape=[], initializer="ones")
      return {"y": net / self.heat}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_missing",
  "accept": ["variable_renamed", "variable_extra"],
  "where": ["heat"],
  "may_fail": ["constant_weights", "random_inference", "random_training", "random_functional"],
}
