"""tf1 keeps its pretrained norm in inference mode while it trains; the port does not."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(6, 5)).astype(np.float32)}

def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 4, name="fc1")
    net = tf.layers.batch_normalization(net, training=False, name="bn")
    return {"y": tf.layers.dense(net, 3, name="fc2")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc1 = layers.Dense(4, name="fc1")
      self.bn = layers.BatchNormalization(name="bn")
      self.fc2 = layers.Dense(3, name="fc2")

    def call(self, inputs, training=False):
      net = self.bn(self.fc1(inputs["x"]), training=training)
      return {"y": self.fc2(net)}

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
