"""Two words were added since the checkpoint was written, so its table is too short."""

import atexit
import os
import shutil
import tempfile

import numpy as np

import parity


def inputs(rng):
  return {"ids": np.array([[1, 4, 9], [0, 2, 11]], np.int32)}


def model(tf, words, ids):
  with tf.variable_scope("net"):
    table = tf.get_variable("table", [words, 4])
    net = tf.reduce_mean(tf.nn.embedding_lookup(table, ids), 1)
    return {"y": tf.layers.dense(net, 3, name="fc")}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  return model(tf, 12, inputs["ids"])


def tf2():
  import tensorflow as tf

  v1 = tf.compat.v1

  class Port(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=False):
      return model(v1, 12, inputs["ids"])

  return Port(name="port")


def saved():
  """The checkpoint of the smaller vocabulary."""
  import tensorflow.compat.v1 as tf

  folder = tempfile.mkdtemp()
  atexit.register(shutil.rmtree, folder, True)
  with tf.Graph().as_default(), tf.Session() as session:
    tf.set_random_seed(5)
    model(tf, 10, np.zeros([2, 3], np.int32))
    session.run(tf.global_variables_initializer())
    return tf.train.Saver().save(session, os.path.join(folder, "model"))


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, checkpoint=saved())
EXPECT = {
  "verdict": "fail",
  "check": "checkpoint",
  "also_fail": [],
  "cause": "checkpoint_unmapped",
  "accept": ["variable_shape"],
  "where": ["net/table"],
}
