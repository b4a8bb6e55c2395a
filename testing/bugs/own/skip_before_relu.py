"""A residual block adds the activated input; the port adds what went into the ReLU."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(2, 5, 5, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("unit"):
    pre = tf.layers.batch_normalization(inputs["x"], training=training, name="bn")
    act = tf.nn.relu(pre)
    net = tf.layers.conv2d(act, 4, 3, padding="same", name="conv")
    return {"y": net + act}


def tf2():
  import tensorflow as tf
  layers = tf.keras.layers

  class Unit(layers.Layer):
    def __init__(self):
      super().__init__(name="unit")
      self.bn = layers.BatchNormalization(name="bn")
      self.conv = layers.Conv2D(4, 3, padding="same", name="conv")
      self.add = layers.Add()

    def call(self, inputs, training=False):
      pre = self.bn(inputs["x"], training=training)
      return {"y": self.add([self.conv(tf.nn.relu(pre)), pre])}

  return Unit()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["add"],
}
