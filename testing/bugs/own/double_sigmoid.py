"""The Keras rewrite of the output layer has activation="sigmoid", and the old tf.sigmoid
behind it was kept."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("ctr"):
    net = tf.layers.dense(inputs["x"], 5, tf.nn.relu, name="h")
    return {"p": tf.sigmoid(tf.layers.dense(net, 1, name="out"))}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Ctr(layers.Layer):
    def __init__(self):
      super().__init__(name="ctr")
      self.h = layers.Dense(5, "relu", name="h")
      self.out = layers.Dense(1, "sigmoid", name="out")

    def call(self, inputs, training=False):
      return {"p": tf.sigmoid(self.out(self.h(inputs["x"])))}

  return Ctr()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["sigmoid"],
}
