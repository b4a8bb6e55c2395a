"""The checkpoint's table was saved in partitions, which a Saver keeps under one name."""

import atexit
import os
import shutil
import tempfile

import numpy as np

import parity


def inputs(rng):
  return {"ids": rng.randint(0, 10, size=(4, 3)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("words"):
    table = tf.get_variable("table", [10, 4])
    return {"y": tf.reduce_mean(tf.nn.embedding_lookup(table, inputs["ids"]), 1)}


def saved():
  """Written by a job with a partitioner."""
  import tensorflow.compat.v1 as tf

  folder = tempfile.mkdtemp()
  atexit.register(shutil.rmtree, folder, True)
  with tf.Graph().as_default(), tf.Session() as session:
    partitioner = tf.fixed_size_partitioner(2)
    with tf.variable_scope("words", partitioner=partitioner):
      tf.get_variable("table", [10, 4], initializer=tf.ones_initializer())
    session.run(tf.global_variables_initializer())
    return tf.train.Saver().save(session, os.path.join(folder, "model"))


def tf2():
  import tensorflow as tf

  class Words(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="words")

    def build(self, shapes):
      self.table = self.add_weight(
        name="table", shape=[10, 4], initializer="glorot_uniform"
      )

    def call(self, inputs, training=False):
      return {"y": tf.reduce_mean(tf.gather(self.table, inputs["ids"]), 1)}

  return Words()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, checkpoint=saved())
EXPECT = {
  "verdict": "pass",
  "check": None,
  "also_fail": [],
  "cause": None,
  "accept": [],
  "where": [],
}
