"""Batch norm momentum by PyTorch's convention: the port writes momentum=0.1 for TF1's 0.9."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(1.0, 2.0, size=(6, 4)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.dense(inputs["x"], 5, name="fc")
    return {"y": tf.layers.batch_normalization(net, momentum=0.9, training=training, name="bn")}


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Net(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      with v1.variable_scope("net"):
        net = v1.layers.dense(inputs["x"], 5, name="fc")
        return {"y": v1.layers.batch_normalization(net, momentum=0.1, training=training, name="bn")}

  return Net(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_training",
  "also_fail": ["random_functional"],
  "cause": "constant",
  "accept": [],
  "where": ["moving_mean", "moving_variance"],
}
