"""A graph network pools atoms into molecules, one of which is empty: segment_max gives it zeros, the
unsorted_segment_max of the port the lowest float."""
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
    pooled = tf.segment_max(net, inputs["molecule"])
    net = tf.layers.dense(tf.nn.tanh(pooled), 5, tf.nn.relu, name="update")
    return {"energy": tf.layers.dense(net, 1, name="readout")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Gnn(layers.Layer):
    def __init__(self):
      super().__init__(name="gnn")
      self.message = layers.Dense(6, "tanh", name="message")
      self.update = layers.Dense(5, "relu", name="update")
      self.readout = layers.Dense(1, name="readout")

    def call(self, inputs, training=False):
      net = self.message(inputs["atoms"])
      pooled = tf.math.unsorted_segment_max(net, inputs["molecule"], num_segments=4)
      return {"energy": self.readout(self.update(tf.nn.tanh(pooled)))}

  return Gnn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["segment"],
}
