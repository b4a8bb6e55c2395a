"""The port averages its loss over the batches of four replicas, tf1 over its own batch."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 3)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    return {"y": tf.layers.dense(inputs["x"], 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(3, name="fc")

    def call(self, inputs, training=False):
      return {"y": self.fc(inputs["x"])}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  errors = tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]), axis=1)
  if tf.executing_eagerly():
    return tf.nn.compute_average_loss(errors, global_batch_size=4 * 6)
  return tf.reduce_mean(errors)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "loss_scale",
  "accept": [],
  "where": ["1 / 4"],
}
