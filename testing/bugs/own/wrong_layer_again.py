"""Two square layers in a row; the port calls the first of them twice, and only builds the
second."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("mlp"):
    net = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="h1")
    net = tf.layers.dense(net, 6, tf.nn.tanh, name="h2")
    return {"y": tf.layers.dense(net, 1, name="out")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Mlp(layers.Layer):
    def __init__(self):
      super().__init__(name="mlp")
      self.h1 = layers.Dense(6, "tanh", name="h1")
      self.h2 = layers.Dense(6, "tanh", name="h2")
      self.out = layers.Dense(1, name="out")

    def build(self, shape):
      for layer in (self.h1, self.h2, self.out):
        with tf.name_scope(layer.name):
          layer.build([None, 6])
      super().build(shape)

    def call(self, inputs, training=False):
      return {"y": self.out(self.h1(self.h1(inputs["x"])))}

  return Mlp()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["h2", "matmul"],
}
