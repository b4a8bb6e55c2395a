"""Tokenising inside the model: string_split and a hash in TF1, RaggedTensor in the port; ids,
counts and joined words come out."""
import numpy as np
import parity


def inputs(rng):
  return {"text": np.array([b"the cat sat", b"on the mat", b"dogs run far"], object)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  words = tf.reshape(tf.string_split(inputs["text"]).values, [3, 3])
  ids = tf.string_to_hash_bucket_fast(words, 50)
  table = tf.get_variable("table", [50, 4])
  return {"ids": ids, "joined": tf.reduce_join(words, 1, separator="_"),
          "is_the": tf.equal(words, "the"),
          "y": tf.reduce_mean(tf.nn.embedding_lookup(table, ids), 1)}


def tf2():
  import tensorflow as tf

  class Text(tf.Module):
    def __init__(self):
      super().__init__()
      self.table = tf.Variable(tf.compat.v1.glorot_uniform_initializer()([50, 4]), name="table")

    def __call__(self, inputs, training=False):
      words = tf.strings.split(inputs["text"]).to_tensor()
      ids = tf.strings.to_hash_bucket_fast(words, 50)
      return {"ids": ids, "joined": tf.strings.reduce_join(words, axis=-1, separator="_"),
              "is_the": words == "the", "y": tf.reduce_sum(tf.gather(self.table, ids), 1) / 3.0}

  return Text()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
