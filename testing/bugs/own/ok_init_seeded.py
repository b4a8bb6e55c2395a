"""Both sides seed their initializers explicitly, with one number for both layers."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    init = tf.random_normal_initializer(stddev=0.2, seed=7)
    net = tf.layers.dense(inputs["x"], 6, kernel_initializer=init, name="fc1")
    return {"y": tf.layers.dense(net, 3, kernel_initializer=init, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      def init():
        return tf.keras.initializers.RandomNormal(stddev=0.2, seed=7)

      self.fc1 = layers.Dense(6, kernel_initializer=init(), name="fc1")
      self.fc2 = layers.Dense(3, kernel_initializer=init(), name="fc2")

    def call(self, inputs, training=False):
      return {"y": self.fc2(self.fc1(inputs["x"]))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
