"""Padding mask by tf.sequence_mask in TF1; the port writes range <= length."""
import numpy as np
import parity


def inputs(rng):
  return {"x": rng.normal(size=(3, 5, 4)).astype(np.float32),
          "length": np.array([2, 4, 3], np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("pool"):
    net = tf.layers.dense(inputs["x"], 6, tf.nn.tanh, name="fc")
    mask = tf.sequence_mask(inputs["length"], 5, dtype=tf.float32)[:, :, None]
    return {"sum": tf.reduce_sum(net * mask, axis=1)}


def tf2():
  import tensorflow as tf

  class Pool(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      self.kernel = tf.Variable(init([4, 6]), name="pool/fc/kernel")
      self.bias = tf.Variable(tf.zeros([6]), name="pool/fc/bias")

    def __call__(self, inputs, training=False):
      net = tf.tanh(tf.tensordot(inputs["x"], self.kernel, 1) + self.bias)
      mask = tf.range(5)[tf.newaxis, :] <= inputs["length"][:, tf.newaxis]
      return {"sum": tf.reduce_sum(tf.where(mask[..., tf.newaxis], net, 0.0), axis=1)}

  return Pool()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training"],
  "cause": "op_structure",
  "accept": ["constant"],
  "where": ["lessequal", "less", "mask"],
}
