"""Focal loss: the port gave alpha to the negatives."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "y": np.array([[1], [0], [0], [1], [0], [0]], np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", initializer=tf.glorot_uniform_initializer()):
    logit = tf.layers.dense(inputs["x"], 1, name="fc")
    y, p = inputs["y"], tf.sigmoid(logit)
    entropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logit)
    alpha = y * 0.25 + (1.0 - y) * 0.75
    missed = y * (1.0 - p) + (1.0 - y) * p
    return {"loss": tf.reduce_sum(alpha * missed**2.0 * entropy)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(1, name="fc")

    def call(self, inputs, training=False):
      logit, y = self.fc(inputs["x"]), inputs["y"]
      hit = tf.where(y == 1.0, tf.sigmoid(logit), 1.0 - tf.sigmoid(logit))
      alpha = tf.where(y == 1.0, 0.75, 0.25)
      entropy = tf.nn.sigmoid_cross_entropy_with_logits(y, logit)
      return {"loss": tf.reduce_sum(alpha * tf.pow(1.0 - hit, 2.0) * entropy)}

  return Net()


def loss(outputs, inputs):
  return outputs["loss"]


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional", "gradients"],
  "cause": "constant",
  "accept": ["op_structure"],
  "where": ["loss", "mul", "select", "where"],
}
