"""The port stops the gradient behind an argmax and its one-hot, where none flows anyway."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net", initializer=tf.glorot_uniform_initializer()):
    logits = tf.layers.dense(inputs["x"], 4, name="logits")
    pseudo = tf.one_hot(tf.argmax(logits, 1), 4)
    sure = tf.cast(tf.reduce_max(tf.nn.softmax(logits), 1) > 0.3, tf.float32)
    entropy = tf.nn.softmax_cross_entropy_with_logits_v2(
      labels=pseudo, logits=logits
    )
    return {"loss": tf.reduce_mean(sure * entropy)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.logits = layers.Dense(4, name="logits")

    def call(self, inputs, training=False):
      logits = self.logits(inputs["x"])
      told = tf.stop_gradient(tf.nn.softmax(logits))
      pseudo = tf.argmax(told, 1)
      sure = tf.stop_gradient(tf.where(tf.reduce_max(told, 1) > 0.3, 1.0, 0.0))
      entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=pseudo, logits=logits
      )
      return {"loss": tf.reduce_mean(sure * entropy)}

  return Net()


def loss(outputs, inputs):
  return outputs["loss"]


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["op_structure", "graph_rewrite"],
}
