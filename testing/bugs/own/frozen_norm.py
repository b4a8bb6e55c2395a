"""trainable=False on a Keras batch norm also turns its training branch off; in tf1 it only froze gamma and beta."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(6, 5)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 4, name="fc")
    net = tf.layers.batch_normalization(
      net, training=training, trainable=False, name="bn"
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
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "training_flag",
  "accept": ["update_missing"],
  "where": ["bn"],
}
