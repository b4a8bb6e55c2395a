"""Both sides run batch norm's inference branch in training too, as a frozen backbone should."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 4, name="fc")
    net = tf.layers.batch_normalization(
      net, training=False, trainable=False, name="bn"
    )
    return {"y": tf.nn.relu(net)}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(4, name="fc")
      self.bn = layers.BatchNormalization(name="bn", trainable=False)

    def call(self, inputs, training=False):
      return {"y": tf.nn.relu(self.bn(self.fc(inputs["x"]), training=training))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
  "twin_of": ["training_flag"],
}
