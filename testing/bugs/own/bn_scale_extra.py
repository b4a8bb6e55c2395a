"""slim's batch norm has no gamma; Keras's has one."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 4, use_bias=False, name="fc")
    net = tf.layers.batch_normalization(
      net, scale=False, training=training, name="bn"
    )
    return {"y": tf.nn.relu(net)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(4, use_bias=False, name="fc")
      self.bn = layers.BatchNormalization(name="bn")

    def call(self, inputs, training=False):
      return {"y": tf.nn.relu(self.bn(self.fc(inputs["x"]), training=training))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "variables_match",
  "also_fail": [],
  "cause": "variable_extra",
  "accept": [],
  "where": ["bn/gamma"],
  "may_fail": [
    "constant_weights",
    "random_inference",
    "random_training",
    "random_functional",
  ],
}
