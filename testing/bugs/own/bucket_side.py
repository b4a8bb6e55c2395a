"""A value on a boundary fell into the bucket below it; the port puts it into the one above."""

import numpy as np

import parity


def inputs(rng):
  ages = np.array([[18.0, 33.0], [30.0, 45.5], [45.0, 18.0]], np.float32)
  return {"age": ages}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    bounds = tf.constant([18.0, 30.0, 45.0])
    flat = tf.reshape(inputs["age"], [-1])
    bucket = tf.reshape(tf.searchsorted(bounds, flat, side="left"), [3, 2])
    return {"y": tf.layers.dense(tf.one_hot(bucket, 4), 2, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Net(layers.Layer):
    def __init__(self):
      super().__init__(name="net")
      self.fc = layers.Dense(2, name="fc")

    def call(self, inputs, training=False):
      bucket = tf.raw_ops.Bucketize(
        input=inputs["age"], boundaries=[18.0, 30.0, 45.0]
      )
      return {"y": self.fc(tf.one_hot(bucket, 4))}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["bound", "bucket", "searchsorted"],
}
