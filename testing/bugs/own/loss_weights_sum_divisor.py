"""tf.losses divides by the number of weights that are not zero; the port by their sum."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "label": np.array([0, 2, 1, 1, 0, 2], np.int32),
    "weight": np.array([2, 0, 1, 0.5, 0, 1.5], np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", initializer=tf.glorot_uniform_initializer()):
    logits = tf.layers.dense(inputs["x"], 3, name="fc")
    loss = tf.losses.sparse_softmax_cross_entropy(
      inputs["label"], logits, weights=inputs["weight"]
    )
    return {"logits": logits, "loss": loss}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      logits = self.fc(inputs["x"])
      losses = tf.keras.losses.sparse_categorical_crossentropy(
        inputs["label"], logits, from_logits=True
      )
      weight = inputs["weight"]
      loss = tf.reduce_sum(losses * weight) / tf.reduce_sum(weight)
      return {"logits": logits, "loss": loss}

  return Net()


def loss(outputs, inputs):
  return outputs["loss"]


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional", "gradients"],
  "cause": "loss_scale",
  "accept": ["constant", "op_structure"],
  "where": ["loss"],
}
