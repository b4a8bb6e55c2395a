"""The loss is a sum over the batch divided by its size, where tf1 takes the mean."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    return {"y": tf.layers.dense(inputs["x"], 1, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(1, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"])}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  squares = tf.square(outputs["y"] - inputs["x"][:, :1])
  if tf.executing_eagerly():
    return tf.reduce_sum(squares) / tf.cast(tf.shape(squares)[0], tf.float32)
  return tf.reduce_mean(squares)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["loss_scale"],
}
