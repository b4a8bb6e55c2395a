"""The embedding's row 0 is forced to zero in TF1 by a concat; the port looks up the whole table."""
import numpy as np
import parity


def inputs(rng):
  return {"ids": np.array([[3, 4, 0, 0], [5, 1, 2, 0]], np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("emb"):
    table = tf.get_variable("table", [8, 5])
    padded = tf.concat([tf.zeros([1, 5]), table[1:]], axis=0)
    return {"y": tf.reduce_sum(tf.nn.embedding_lookup(padded, inputs["ids"]), 1)}


def tf2():
  import tensorflow as tf

  class Emb(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      self.table = tf.Variable(init([8, 5]), name="emb/table")

    @tf.function
    def __call__(self, inputs, training=False):
      return {"y": tf.reduce_sum(tf.gather(self.table, inputs["ids"]), axis=1)}

  return Emb()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "constant_weights",
  "also_fail": ["random_inference", "random_training"],
  "cause": "op_structure",
  "accept": [],
  "where": ["concat", "gather", "strided", "emb"],
}
