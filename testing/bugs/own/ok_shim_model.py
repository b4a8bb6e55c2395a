"""The TF1 code itself under the shim: conv, batch norm and dropout, flags passed."""

import numpy as np

import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 6, 6, 3)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = tf.layers.conv2d(inputs["x"], 4, 3, use_bias=False, name="conv")
    net = tf.nn.relu(
      tf.layers.batch_normalization(net, training=training, name="bn")
    )
    net = tf.layers.dropout(tf.layers.flatten(net), 0.4, training=training)
    return {"y": tf.layers.dense(net, 3, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  v1 = tf.compat.v1

  class Net(layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      with v1.variable_scope("net"):
        net = v1.layers.conv2d(inputs["x"], 4, 3, use_bias=False, name="conv")
        net = tf.nn.relu(
          v1.layers.batch_normalization(net, training=training, name="bn")
        )
        net = v1.layers.dropout(v1.layers.flatten(net), 0.4, training=training)
        return {"y": v1.layers.dense(net, 3, name="fc")}

  return Net(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
