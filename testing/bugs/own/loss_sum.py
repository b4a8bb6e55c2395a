"""The returned loss is a mean over the batch in tf1, a sum in the port."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(4, 6)).astype(np.float32),
    "label": np.array([0, 2, 1, 1], np.int32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  logits = tf.layers.dense(inputs["x"], 3, name="fc")
  return {
    "loss": tf.losses.sparse_softmax_cross_entropy(inputs["label"], logits)
  }


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="outer")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
        inputs["label"], self.fc(inputs["x"])
      )
      return {"loss": tf.reduce_sum(losses)}

  return Net()


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=lambda name: name.replace("outer/", ""),
)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "loss_scale",
  "accept": ["op_structure"],
  "where": ["loss"],
}
