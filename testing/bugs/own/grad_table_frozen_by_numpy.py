"""The port reads its table through NumPy, and no gradient comes back."""

import numpy as np

import parity


def inputs(rng):
  return {
    "ids": np.array([[1, 4, 3], [0, 2, 1]], np.int32),
    "y": np.array([[1], [0]], np.float32),
  }


def tf1(inputs, training):
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("words"):
    table = tf.get_variable(
      "table", [9, 4], initializer=tf.ones_initializer()
    )
    net = tf.reduce_sum(tf.nn.embedding_lookup(table, inputs["ids"]), 1)
    return {"logit": tf.layers.dense(net, 1, name="logit")}


def tf2():
  import tensorflow as tf

  layers = tf.keras.layers

  class Words(tf.Module):
    def __init__(self):
      super().__init__(name="words")
      self.table = tf.Variable(tf.ones([9, 4]), name="table")
      self.head = layers.Dense(1, name="logit")

    def __call__(self, inputs, training=False):
      rows = self.table.numpy()[inputs["ids"].numpy()]
      return {"logit": self.head(tf.reduce_sum(rows, 1))}

  return Words()


def rename(name):
  return "words/" + name


def loss(outputs, inputs):
  import tensorflow as tf

  return tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(
      labels=inputs["y"], logits=outputs["logit"]
    )
  )


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, loss=loss, rename=rename)
EXPECT = {
  "verdict": "fail",
  "check": "gradients",
  "also_fail": [],
  "cause": "op_structure",
  "accept": ["op_attribute", "variable_trainable"],
  "where": ["words/table"],
}
