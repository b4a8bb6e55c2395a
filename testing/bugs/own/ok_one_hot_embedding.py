"""An embedding as a one-hot product, and dropout whose draws the port makes in one call of
another form: a Keras layer in a functional model."""
import numpy as np
import parity


def inputs(rng):
  return {"ids": rng.randint(0, 9, size=(3, 5)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("emb"):
    table = tf.get_variable("table", [9, 4])
    net = tf.nn.embedding_lookup(table, inputs["ids"])
    return {"y": tf.layers.dropout(net, 0.3, training=training)}


def tf2():
  import tensorflow as tf

  class Emb(tf.keras.layers.Layer):
    def __init__(self):
      super().__init__(name="emb")
      self.drop = tf.keras.layers.Dropout(0.3)

    def build(self, shape):
      self.table = self.add_weight(
        name="table", shape=[9, 4], initializer=tf.compat.v1.glorot_uniform_initializer())

    def call(self, inputs, training=False):
      net = tf.einsum("btv,vd->btd", tf.one_hot(inputs["ids"], 9), self.table)
      return {"y": self.drop(net, training=training)}

  return Emb()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {"verdict": "pass", "check": None, "also_fail": [], "cause": None, "accept": [], "where": []}
