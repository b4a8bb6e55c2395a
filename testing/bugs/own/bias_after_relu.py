"""Shifted ReLU: the bias is added before the activation in TF1, behind it in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(4, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("srelu"):
    w = tf.get_variable("w", [6, 5])
    b = tf.get_variable("b", [5], initializer=tf.random_uniform_initializer(-1, 1))
    return {"y": tf.nn.relu(tf.nn.xw_plus_b(inputs["x"], w, b))}


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Srelu(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=None):
      with v1.variable_scope("srelu"):
        w = v1.get_variable("w", [6, 5])
        b = v1.get_variable("b", [5], initializer=v1.random_uniform_initializer(-1, 1))
      return {"y": tf.nn.relu(inputs["x"] @ w) + b}

  return Srelu(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["relu", "biasadd", "xw_plus_b"],
}
