"""A transformer block: TF1 drops on [batch, time, units], the port on the flattened [batch * time,
units], the same numbers in the same order; masked by -1e9 against a tf.where with a row of conditions."""
import numpy as np
import parity


def inputs(rng):
  return {
    "x": rng.normal(size=(2, 4, 6)).astype(np.float32),
    "lengths": np.array([4, 2], np.int32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  x = inputs["x"]
  with tf.variable_scope("block"):
    q, k, v = [tf.layers.dense(x, 6, use_bias=False, name=n) for n in ("q", "k", "v")]
    mask = tf.sequence_mask(inputs["lengths"], 4, dtype=tf.float32)
    scores = tf.matmul(q, k, transpose_b=True) / 6**0.5
    scores += (1.0 - mask[:, None, :]) * -1e9
    net = tf.layers.dropout(tf.matmul(tf.nn.softmax(scores), v), 0.3, training=training) + x
    hidden = tf.layers.dense(net, 8, tf.nn.relu, name="ffn1")
    hidden = tf.layers.dropout(hidden, 0.2, training=training)
    return {"y": (net + tf.layers.dense(hidden, 6, name="ffn2")) * mask[:, :, None]}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Block(layers.Layer):
    def __init__(self):
      super().__init__(name="block")
      self.q, self.k, self.v = [layers.Dense(6, use_bias=False, name=n) for n in ("q", "k", "v")]
      self.ffn1 = layers.Dense(8, "relu", name="ffn1")
      self.ffn2 = layers.Dense(6, name="ffn2")
      self.drop1, self.drop2 = layers.Dropout(0.3), layers.Dropout(0.2)

    def call(self, inputs, training=False):
      x = inputs["x"]
      q, k, v = self.q(x), self.k(x), self.v(x)
      mask = tf.range(4)[None] < inputs["lengths"][:, None]
      scores = tf.einsum("bqd,bkd->bqk", q, k) * 6**-0.5
      weights = tf.nn.softmax(tf.where(mask[:, None], scores, float("-inf")))
      read = tf.reshape(weights @ v, [8, 6])
      net = self.drop1(read, training=training) + tf.reshape(x, [8, 6])
      net += self.ffn2(self.drop2(self.ffn1(net), training=training))
      return {"y": tf.where(mask[:, :, None], tf.reshape(net, [2, 4, 6]), 0.0)}

  return Block()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
