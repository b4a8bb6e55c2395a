"""Dynamic k-max pooling of a sentence CNN: TF1 keeps the k largest in their order of time, the port
takes top_k as it comes, sorted by size."""
import numpy as np
import parity


def inputs(rng):
  return {"ids": rng.randint(0, 30, size=(3, 12)).astype(np.int32)}


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("dcnn", initializer=tf.glorot_uniform_initializer()):
    table = tf.get_variable("embedding", [30, 6])
    net = tf.nn.embedding_lookup(table, inputs["ids"])
    net = tf.layers.conv1d(net, 5, 3, padding="same", name="conv")
    net = tf.transpose(net, [0, 2, 1])
    _, places = tf.nn.top_k(net, k=3, sorted=False)
    places = tf.sort(places, axis=-1)
    net = tf.nn.tanh(tf.batch_gather(net, places))
    net = tf.layers.dropout(tf.layers.flatten(net), 0.5, training=training)
    return {"logits": tf.layers.dense(net, 4, name="fc")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers
  glorot = tf.compat.v1.glorot_uniform_initializer

  class Dcnn(layers.Layer):
    def __init__(self):
      super().__init__(name="dcnn")
      self.conv = layers.Conv1D(5, 3, padding="same", kernel_initializer=glorot(), name="conv")
      self.drop = layers.Dropout(0.5)
      self.flatten = layers.Flatten()
      self.fc = layers.Dense(4, kernel_initializer=glorot(), name="fc")

    def build(self, shapes):
      self.table = self.add_weight(name="embedding", shape=[30, 6], initializer=glorot())

    def call(self, inputs, training=False):
      net = self.conv(tf.gather(self.table, inputs["ids"]))
      net = tf.transpose(net, [0, 2, 1])
      net = tf.nn.tanh(tf.math.top_k(net, k=3).values)
      net = self.drop(self.flatten(net), training=training)
      return {"logits": self.fc(net)}

  return Dcnn()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
EXPECT = {
  "verdict": "fail",
  "check": "random_inference",
  "also_fail": ["random_training", "random_functional"],
  "cause": "op_structure",
  "accept": ["op_attribute"],
  "where": ["top_k", "topk", "sort", "gather"],
}
