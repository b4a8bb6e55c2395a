"""segment_max against unsorted_segment_max: an empty segment is zero in one and the lowest float in
the other, and the port makes it zero again where it counts no atoms."""
import numpy as np
import parity


def inputs(rng):
  return {
    "atoms": rng.normal(size=(7, 4)).astype(np.float32),
    "molecule": np.array([0, 0, 1, 1, 1, 3, 3], np.int32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("gnn"):
    net = tf.layers.dense(inputs["atoms"], 6, tf.nn.tanh, name="message")
    most = tf.segment_max(net, inputs["molecule"])
    mean = tf.segment_mean(net, inputs["molecule"])
    return {"energy": tf.layers.dense(tf.concat([most, mean], 1), 2, name="readout")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Gnn(layers.Layer):
    def __init__(self):
      super().__init__(name="gnn")
      self.message = layers.Dense(6, "tanh", name="message")
      self.readout = layers.Dense(2, name="readout")

    def call(self, inputs, training=False):
      net, owner = self.message(inputs["atoms"]), inputs["molecule"]
      count = tf.math.bincount(owner, minlength=4, dtype=tf.float32)[:, None]
      most = tf.math.unsorted_segment_max(net, owner, 4)
      most = tf.where(count > 0, most, 0.0)
      belongs = tf.one_hot(owner, 4, axis=0)
      mean = tf.math.divide_no_nan(belongs @ net, count)
      return {"energy": self.readout(tf.concat([most, mean], axis=1))}

  return Gnn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
