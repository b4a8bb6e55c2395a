"""The deep half of a wide-and-deep model over words: TF1's vocabulary table puts unknown words last,
the StringLookup of the port puts them first. The embedding has one row more than words in both."""
import numpy as np
import parity

_WORDS = ["red", "green", "blue", "black", "white"]


def inputs(rng):
  colours = np.array([[b"red", b"white"], [b"pink", b"blue"], [b"black", b"green"]], object)
  return {"colours": colours, "price": rng.uniform(1, 50, size=(3, 1)).astype(np.float32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  keys = tf.constant(_WORDS)
  values = tf.range(len(_WORDS), dtype=tf.int64)
  table = tf.lookup.StaticVocabularyTable(
    tf.lookup.KeyValueTensorInitializer(keys, values), num_oov_buckets=1
  )
  with tf.variable_scope("deep"):
    rows = tf.get_variable("colour_embedding", [6, 3], initializer=tf.glorot_uniform_initializer())
    embedded = tf.nn.embedding_lookup(rows, table.lookup(inputs["colours"]))
    net = tf.concat([tf.reduce_mean(embedded, 1), tf.log1p(inputs["price"])], 1)
    net = tf.layers.dense(net, 6, activation=tf.nn.relu, name="hidden")
    return {"click": tf.layers.dense(net, 1, name="logit")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Deep(tf.Module):
    def __init__(self):
      super().__init__(name="deep")
      init = tf.compat.v1.glorot_uniform_initializer()
      self.lookup = layers.StringLookup(vocabulary=_WORDS)
      self.rows = tf.Variable(init([6, 3]), name="deep/colour_embedding")
      self.w1 = tf.Variable(init([4, 6]), name="deep/hidden/kernel")
      self.b1 = tf.Variable(tf.zeros([6]), name="deep/hidden/bias")
      self.w2 = tf.Variable(init([6, 1]), name="deep/logit/kernel")
      self.b2 = tf.Variable(tf.zeros([1]), name="deep/logit/bias")

    def __call__(self, inputs, training=False):
      embedded = tf.gather(self.rows, self.lookup(inputs["colours"]))
      net = tf.concat([tf.reduce_mean(embedded, 1), tf.math.log1p(inputs["price"])], 1)
      net = tf.nn.relu(net @ self.w1 + self.b1)
      return {"click": net @ self.w2 + self.b2}

  return Deep()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training"],
  "cause": "op_structure",
  "accept": ["constant", "op_attribute"],
  "where": ["lookup", "vocab", "hash_table", "hashtable"],
}
