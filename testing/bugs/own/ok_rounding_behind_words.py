"""Words are looked up and hashed, then large counts go through sums in another order: rounding, and
provable, though text and tables cannot be run again."""
import numpy as np
import parity


def inputs(rng):
  return {
    "words": np.array([[b"cat", b"dog"], [b"fox", b"owl"], [b"dog", b"dog"]], object),
    "counts": rng.uniform(0, 3000, size=(3, 512)).astype(np.float32),
  }


def features(tf, words):
  entries = tf.lookup.KeyValueTensorInitializer(["cat", "dog", "fox"], [0.3, 1.7, 0.9])
  weights = tf.lookup.StaticHashTable(entries, 0.1).lookup(words)
  return weights, tf.strings.to_hash_bucket_fast(words, 7)


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  weights, buckets = features(tf, inputs["words"])
  with tf.variable_scope("net"):
    rows = tf.get_variable("rows", [7, 512], initializer=tf.glorot_uniform_initializer())
    text = tf.reduce_sum(tf.nn.embedding_lookup(rows, buckets) * weights[:, :, None], 1)
    return {"y": tf.layers.dense(inputs["counts"] * (1 + text), 4, name="fc")}


def tf2():
  import tensorflow as tf

  class Net(tf.Module):
    def __init__(self):
      super().__init__()
      init = tf.compat.v1.glorot_uniform_initializer()
      self.rows = tf.Variable(init([7, 512]), name="net/rows")
      self.kernel = tf.Variable(init([512, 4]), name="net/fc/kernel")
      self.bias = tf.Variable(tf.zeros([4]), name="net/fc/bias")

    def __call__(self, inputs, training=False):
      weights, buckets = features(tf, inputs["words"])
      text = tf.einsum("bwr,bw->br", tf.gather(self.rows, buckets), weights)
      parts = tf.split(inputs["counts"] * (1 + text), 8, axis=1)
      kernels = tf.split(self.kernel, 8)
      return {"y": tf.add_n([a @ b for a, b in zip(parts, kernels)]) + self.bias}

  return Net()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": "rounding", "accept": [], "where": []}
