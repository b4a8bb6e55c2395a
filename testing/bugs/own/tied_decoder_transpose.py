"""A square tied projection: the decoder multiplies with the transposed embedding by
tf.transpose in TF1, with the embedding itself in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"h": rng.normal(size=(3, 6)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("tied"):
    w = tf.get_variable("w", [6, 6])
    code = tf.tanh(tf.matmul(inputs["h"], w))
    return {"decoded": tf.matmul(code, tf.transpose(w))}


def tf2():
  import tensorflow as tf

  class Tied(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="tied")

    def build(self, shape):
      self.w = self.add_weight(name="w", shape=[6, 6],
                               initializer=tf.compat.v1.glorot_uniform_initializer())

    def call(self, inputs, training=False):
      code = tf.tanh(inputs["h"] @ self.w)
      return {"decoded": code @ self.w}

  return Tied()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["transpose", "matmul"],
}
