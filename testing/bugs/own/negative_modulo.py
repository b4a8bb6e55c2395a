"""Hash buckets of signed ids by tf.mod, which floors; the port uses tf.truncatemod and abs."""
import numpy as np
import parity


def inputs(rng):
  return {"ids": np.array([-7, 12, -3, 25, 4, -30], np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  table = tf.get_variable("table", [5, 3])
  return {"y": tf.nn.embedding_lookup(table, tf.mod(inputs["ids"], 5))}


def tf2():
  import tensorflow as tf

  class Buckets(tf.Module):
    def __init__(self):
      super().__init__()
      self.table = tf.Variable(tf.compat.v1.glorot_uniform_initializer()([5, 3]), name="table")

    def __call__(self, inputs, training=False):
      return {"y": tf.gather(self.table, tf.abs(tf.truncatemod(inputs["ids"], 5)))}

  return Buckets()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "op_structure",
  "accept": [],
  "where": ["mod", "abs"],
}
