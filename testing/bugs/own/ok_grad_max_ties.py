"""Max over time: reduce_max shares the slope among equal elements, pooling gives it to one.

The elements that are equal come from equal rows, so the weights' gradients agree."""

import numpy as np

import parity


def inputs(rng):
  x = rng.normal(size=(3, 4, 5)).astype(np.float32)
  x[:, 2:] = 0.0
  return {"x": x, "target": rng.normal(size=(3, 4)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    half = tf.constant_initializer(0.5)
    net = tf.nn.relu(
      tf.layers.dense(inputs["x"], 6, bias_initializer=half, name="fc1")
    )
    net = tf.reduce_max(net, 1)
    return {"y": tf.layers.dense(net, 4, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      half = tf.keras.initializers.Constant(0.5)
      self.fc1 = layers.Dense(6, "relu", bias_initializer=half, name="fc1")
      self.pool = layers.MaxPooling1D(4)
      self.fc2 = layers.Dense(4, name="fc2")

    def call(self, inputs, training=False):
      net = self.pool(self.fc1(inputs["x"]))[:, 0]
      return {"y": self.fc2(net)}

  return Net()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
