"""An orthogonal matrix became the identity: nothing is drawn for it any more."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(
      inputs["x"], 5, use_bias=False, name="mix",
      kernel_initializer=tf.orthogonal_initializer(),
    )
    return {"y": tf.layers.dense(net, 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.mix = layers.Dense(
        5, use_bias=False, name="mix", kernel_initializer="identity"
      )
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(self.mix(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "initializer",
  "accept": ["random_op"],
  "where": ["net/mix/kernel"],
}
