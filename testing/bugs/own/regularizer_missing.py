"""Both layers were penalised; the port forgot the second one."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  l2 = lambda w: 0.01 * tf.nn.l2_loss(w)
  with tf.variable_scope("net", regularizer=l2):
    net = tf.layers.dense(inputs["x"], 5, tf.nn.relu, name="a")
    return {"y": tf.layers.dense(net, 2, name="b")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  l2 = lambda w: 0.01 * tf.nn.l2_loss(w)

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.a = layers.Dense(
        5, "relu", kernel_regularizer=l2, bias_regularizer=l2, name="a"
      )
      self.b = layers.Dense(2, name="b")

    def call(self, inputs, training=False):
      return {"y": self.b(self.a(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "regularization",
  "accept": ["loss_scale"],
  "where": ["b/kernel", "net/b", "b/"],
}
