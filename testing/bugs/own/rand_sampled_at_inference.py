"""A VAE: tf1 decodes the mean at inference; the port still samples."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("vae"):
    mean = tf.layers.dense(inputs["x"], 4, name="mean")
    code = mean
    if training:
      code += 0.5 * tf.random_normal([6, 4])
    return {"y": tf.layers.dense(code, 5, name="decode")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="vae")
      self.mean = layers.Dense(4, name="mean")
      self.decode = layers.Dense(5, name="decode")

    def call(self, inputs, training=False):
      code = self.mean(inputs["x"]) + 0.5 * tf.random.normal([6, 4])
      return {"y": self.decode(code)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference"],
  "cause": "random_op",
  "accept": ["training_flag", "op_structure"],
  "where": ["random"],
}
