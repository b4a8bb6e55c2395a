"""A sentence classifier as it was written for TF1.x: scopes and tf.layers."""

import tensorflow.compat.v1 as tf


def sentence_cnn(tokens, training):
  """Embedding, convolution over time, maximum over time, dropout, logits.

  Args:
    tokens: int32 [batch, time].
    training: whether dropout is on.

  Returns:
    `{"features": float32 [batch, 16], "logits": float32 [batch, 4]}`.
  """
  with tf.variable_scope("sentence"):
    table = tf.get_variable("table", [50, 8])
    net = tf.nn.embedding_lookup(table, tokens)
    net = tf.layers.conv1d(net, 16, 3, padding="same", name="conv")
    net = tf.reduce_max(tf.nn.relu(net), axis=1)
    features = tf.layers.dropout(net, 0.2, training=training)
    logits = tf.layers.dense(features, 4, name="logits")
  return {"features": features, "logits": logits}
