"""The same table of words in both, but the port's was filled from a list in another order."""
import numpy as np
import parity


def inputs(rng):
  return {"words": np.array([[b"cat", b"dog"], [b"fox", b"cat"], [b"dog", b"owl"]], object)}


def look_up(tf, words, names):
  entries = tf.lookup.KeyValueTensorInitializer(names, np.arange(3), tf.string, tf.int64)
  return tf.lookup.StaticHashTable(entries, 3).lookup(words)


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    rows = tf.get_variable("rows", [6, 5], initializer=tf.glorot_uniform_initializer())
    ids = look_up(tf, inputs["words"], ["cat", "dog", "fox"])
    return {"y": tf.reduce_sum(tf.nn.embedding_lookup(rows, ids), 1)}


def tf2():
  import tensorflow as tf

  class Net(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      self.rows = tf.Variable(init([6, 5]), name="net/rows")

    def __call__(self, inputs, training=False):
      ids = look_up(tf, inputs["words"], ["fox", "cat", "dog"])
      return {"y": tf.reduce_sum(tf.gather(self.rows, ids), axis=1)}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "constant",
  "accept": [],
  "where": ["lookup", "table"],
}
