"""A sharded vocabulary: TF1's embedding_lookup deals ids out round the shards (mod); TF2's
knows contiguous shards (div) only. All shards have one size."""
import numpy as np
import parity


def inputs(rng):
  return {"ids": rng.randint(0, 12, size=(3, 4)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("vocab"):
    shards = [tf.get_variable("part_%d" % i, [4, 5]) for i in range(3)]
  return {"vectors": tf.nn.embedding_lookup(shards, inputs["ids"])}


def tf2():
  import tensorflow as tf
  v1 = tf.compat.v1

  class Vocabulary(tf.keras.layers.Layer):
    @v1.keras.utils.track_tf1_style_variables
    def call(self, inputs, training=None):
      with v1.variable_scope("vocab"):
        shards = [v1.get_variable("part_%d" % i, [4, 5]) for i in range(3)]
      return {"vectors": tf.nn.embedding_lookup(shards, inputs["ids"])}

  return Vocabulary(name="port")


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["embedding_lookup", "mod", "div", "gather"],
}
