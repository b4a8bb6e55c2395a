"""Both sides start their table from one NumPy array."""

import numpy as np

import parity


TABLE = np.linspace(-1.0, 1.0, 40).reshape(10, 4).astype(np.float32)


def inputs(rng):
  return {"ids": rng.randint(0, 10, size=(4, 3)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("words"):
    table = tf.get_variable("table", initializer=tf.constant(TABLE))
    return {"y": tf.reduce_mean(tf.nn.embedding_lookup(table, inputs["ids"]), 1)}


def tf2():
  import tensorflow as tf

  class Words(tf.Module):
    def __init__(self):
      super().__init__(name="words")
      self.table = tf.Variable(TABLE, name="table")

    @tf.Module.with_name_scope
    def __call__(self, inputs, training=False):
      return {"y": tf.reduce_mean(tf.gather(self.table, inputs["ids"]), 1)}

  return Words()


def rename(name):
  return "words/" + name


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, rename=rename)
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
