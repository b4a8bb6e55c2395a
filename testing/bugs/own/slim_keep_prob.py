"""slim.dropout(net, 0.8) keeps 80 percent; the port's Dropout(0.8) drops them."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(5, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf
  import tf_slim as slim

  with tf.variable_scope("head"):
    net = slim.dropout(tf.layers.dense(inputs["x"], 8, name="fc"), 0.8, is_training=training)
    return {"y": tf.layers.dense(net, 2, name="out")}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Head(layers.Layer):
    def __init__(self):
      super().__init__(name="head")
      self.fc, self.out = layers.Dense(8, name="fc"), layers.Dense(2, name="out")
      self.drop = layers.Dropout(0.8)

    def call(self, inputs, training=False):
      return {"y": self.out(self.drop(self.fc(inputs["x"]), training=training))}

  return Head()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "constant",
  "accept": ["random_op"],
  "where": ["dropout", "greaterequal", "mul"],
}
