"""A text CNN as Kim's: TF1 rectifies, then takes the maximum over time; the port takes the maximum
first, and rectifies less. The filters are those of conv2d, used by conv1d."""
import numpy as np
import parity


def inputs(rng):
  return {"ids": rng.randint(0, 40, size=(3, 10)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  keep = 0.5 if training else 1.0
  with tf.variable_scope("embedding"):
    table = tf.get_variable("W", initializer=tf.random_uniform([40, 6], -1.0, 1.0))
    embedded = tf.expand_dims(tf.nn.embedding_lookup(table, inputs["ids"]), -1)
  pooled = []
  for size in (2, 3):
    with tf.variable_scope("conv-maxpool-%d" % size):
      w = tf.get_variable("W", [size, 6, 1, 4], initializer=tf.truncated_normal_initializer(stddev=0.1))
      b = tf.get_variable("b", [4], initializer=tf.constant_initializer(0.1))
      conv = tf.nn.conv2d(embedded, w, [1, 1, 1, 1], "VALID")
      h = tf.nn.relu(tf.nn.bias_add(conv, b))
      pooled.append(tf.nn.max_pool(h, [1, 11 - size, 1, 1], [1, 1, 1, 1], "VALID"))
  flat = tf.nn.dropout(tf.reshape(tf.concat(pooled, 3), [-1, 8]), keep_prob=keep)
  with tf.variable_scope("output"):
    w = tf.get_variable("W", [8, 2], initializer=tf.glorot_uniform_initializer())
    b = tf.get_variable("b", [2], initializer=tf.constant_initializer(0.1))
    return {"scores": tf.nn.xw_plus_b(flat, w, b)}


def tf2():
  import tensorflow as tf

  v1 = tf.compat.v1

  class TextCnn(tf.Module):
    def __init__(self):
      super().__init__(name="text_cnn")
      self.table = tf.Variable(tf.random.uniform([40, 6], -1.0, 1.0), name="embedding/W")
      self.filters = []
      for size in (2, 3):
        scope = f"conv-maxpool-{size}"
        w = tf.Variable(v1.truncated_normal_initializer(stddev=0.1)([size, 6, 1, 4]), name=scope + "/W")
        self.filters.append((w, tf.Variable(tf.fill([4], 0.1), name=scope + "/b")))
      self.w = self.b = None

    def __call__(self, inputs, training=False):
      embedded = tf.gather(self.table, inputs["ids"])
      pooled = [
        tf.reduce_max(tf.nn.conv1d(embedded, tf.squeeze(w, 2), 1, "VALID"), axis=1) + b
        for w, b in self.filters
      ]
      flat = tf.nn.relu(tf.concat(pooled, axis=-1))
      if training:
        flat = tf.nn.dropout(flat, rate=0.5)
      if self.w is None:
        self.w = tf.Variable(v1.glorot_uniform_initializer()([8, 2]), name="output/W")
        self.b = tf.Variable(tf.fill([2], 0.1), name="output/b")
      return {"scores": flat @ self.w + self.b}

  return TextCnn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
