"""BatchNormalization(scale=False) in the port; tf.layers' has a gamma."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.batch_normalization(inputs["x"], training=training, name="bn")
    return {"y": tf.layers.dense(net, 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.bn = layers.BatchNormalization(scale=False, name="bn")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(self.bn(inputs["x"], training=training))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_missing",
  "accept": [],
  "where": ["net/bn/gamma"],
  "may_fail": ["constant_weights", "random_inference", "random_training", "random_functional"],
}
