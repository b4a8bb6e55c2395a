"""Graph pooling over nodes: segment_mean in TF1, unsorted_segment_sum in the port."""
import numpy as np
import parity


def inputs(rng):
  return {"node": rng.normal(size=(7, 4)).astype(np.float32),
          "graph": np.array([0, 0, 0, 1, 2, 2, 2], np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("gnn"):
    h = tf.layers.dense(inputs["node"], 5, tf.nn.relu, name="msg")
    return {"readout": tf.segment_mean(h, inputs["graph"])}


def tf2():
  import tensorflow as tf

  class Gnn(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="gnn")
      self.msg = tf.keras.layers.Dense(5, "relu", name="msg")

    def call(self, inputs, training=False):
      return {"readout": tf.math.unsorted_segment_sum(self.msg(inputs["node"]), inputs["graph"], 3)}

  return Gnn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["segmentmean", "segment_mean", "segmentsum"],
}
