"""embedding_lookup_sparse with combiner="sum", and a masked one-hot count times the table."""
import numpy as np
import parity


def inputs(rng):
  return {"words": np.array([[3, 1, 0, 0], [2, 5, 7, 2], [4, 0, 0, 0]], np.int64)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  words = inputs["words"]
  where = tf.where(tf.not_equal(words, 0))
  ids = tf.SparseTensor(where, tf.gather_nd(words, where), tf.shape(words, out_type=tf.int64))
  table = tf.get_variable("bag/table", [9, 4])
  net = tf.nn.embedding_lookup_sparse(table, ids, None, combiner="sum")
  return {"y": tf.layers.dense(net, 2, name="head")}


def tf2():
  import tensorflow as tf

  class Bag(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="model")
      self.head = tf.keras.layers.Dense(2, name="head")

    def build(self, shape):
      self.table = self.add_weight(
        name="bag/table", shape=[9, 4], initializer=tf.compat.v1.glorot_uniform_initializer())

    def call(self, inputs, training=False):
      words = inputs["words"]
      counts = tf.one_hot(words, 9) * tf.cast(words != 0, tf.float32)[..., None]
      return {"y": self.head(tf.reduce_sum(counts, 1) @ self.table)}

  return Bag()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,
                   rename=lambda name: name.split("model/")[-1])
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
