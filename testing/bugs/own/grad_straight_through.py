"""Binary codes with a straight-through estimator.

tf1 adds sign(x) - x behind a stop_gradient; the port takes the sign, whose
gradient is zero."""

import numpy as np

import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(6, 5)).astype(np.float32),
    "target": rng.normal(size=(6, 4)).astype(np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  init = tf.glorot_uniform_initializer()
  with tf.variable_scope("codes", initializer=init):
    net = tf.layers.dense(inputs["x"], 8, name="encode")
    code = net + tf.stop_gradient(tf.sign(net) - net)
    return {"y": tf.layers.dense(code, 4, name="decode")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Codes(layers.Layer):
    def __init__(self):
      super().__init__(name="codes")
      self.encode = layers.Dense(8, name="encode")
      self.decode = layers.Dense(4, name="decode")

    def call(self, inputs, training=False):
      return {"y": self.decode(tf.sign(self.encode(inputs["x"])))}

  return Codes()


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(tf.square(outputs["y"] - inputs["target"]))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute", "constant"],
  "where": ["stop", "sign", "codes/encode"],
}
