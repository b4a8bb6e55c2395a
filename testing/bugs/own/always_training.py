"""The port's batch norm is called with training=True for good."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 4, name="fc")
    net = tf.layers.batch_normalization(net, training=training, name="bn")
    return {"y": tf.nn.relu(net)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc, self.bn = (
        layers.Dense(4, name="fc"),
        layers.BatchNormalization(name="bn"),
      )

    def call(self, inputs, training=False):
      return {"y": tf.nn.relu(self.bn(self.fc(inputs["x"]), training=True))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference"],
  "cause": "training_flag",
  "accept": [],
  "where": ["bn", "batchnorm"],
}
