"""Bags of words by embedding_lookup_sparse with combiner="sqrtn"; the port takes the mean."""
import numpy as np
import parity


def inputs(rng):
  return {"words": np.array([[3, 1, 0, 0], [2, 5, 7, 0], [4, 0, 0, 0]], np.int64)}


def bag(tf, words, table, combiner):
  where = tf.where(tf.not_equal(words, 0))
  ids = tf.SparseTensor(where, tf.gather_nd(words, where), tf.shape(words, out_type=tf.int64))
  return tf.nn.embedding_lookup_sparse(table, ids, None, combiner=combiner)


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  table = tf.get_variable("bag/table", [9, 4])
  net = bag(tf, inputs["words"], table, "sqrtn")
  return {"logits": tf.layers.dense(net, 2, name="head")}


def tf2():
  import tensorflow as tf

  class Model(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="model")
      self.head = tf.keras.layers.Dense(2, name="head")

    def build(self, shape):
      self.table = self.add_weight(
        name="bag/table", shape=[9, 4],
        initializer=tf.compat.v1.glorot_uniform_initializer())

    def call(self, inputs, training=False):
      return {"logits": self.head(bag(tf, inputs["words"], self.table, "mean"))}

  return Model()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.replace("model/", ""))
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": [],
  "where": ["segment", "sqrtn", "embedding_lookup_sparse"],
}
