"""Scores items for a user: the TF1.x function."""

import tensorflow.compat.v1 as tf

ITEMS = 50
WIDTH = 8


def score(inputs, training):
  """Returns a score for each item of the batch."""
  with tf.variable_scope("ranker"):
    table = tf.get_variable(
      "items",
      [ITEMS, WIDTH],
      initializer=tf.random_normal_initializer(stddev=0.05),
    )
    net = tf.concat(
      [tf.nn.embedding_lookup(table, inputs["item"]), inputs["user"]], axis=1
    )
    net = tf.layers.dense(net, 16, activation=tf.nn.relu, name="hidden")
    net = tf.layers.dropout(net, 0.1, training=training)
    return {"score": tf.layers.dense(net, 1, name="score")}
