"""The port hands logits to a Keras loss that expects probabilities."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "labels": np.array([0, 2, 1, 1, 0, 2], np.int32),
  }

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 3, name="fc")
    loss = tf.losses.sparse_softmax_cross_entropy(inputs["labels"], net)
    return {"logits": net, "loss": loss}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      net = self.fc(inputs["x"])
      entropy = tf.keras.losses.SparseCategoricalCrossentropy()
      return {"logits": net, "loss": entropy(inputs["labels"], net)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["loss", "clip", "log", "cross"],
}
