"""A two-tower ranking model as it was written for TF1.x."""

import tensorflow.compat.v1 as tf


def two_towers(query, document):
  """Scores documents for queries by the cosine of their mean embeddings.

  Args:
    query: int32 [batch, words], 0 where there is no word.
    document: int32 [batch, words], the same.

  Returns:
    `{"query": [batch, 8], "document": [batch, 8], "score": [batch]}`, float32.
  """
  with tf.variable_scope("search"):
    table = tf.get_variable("table", [40, 8])

    def tower(tokens, scope):
      with tf.variable_scope(scope):
        seen = tf.to_float(tf.not_equal(tokens, 0))
        words = tf.nn.embedding_lookup(table, tokens) * seen[:, :, None]
        mean = tf.reduce_sum(words, 1) / tf.reduce_sum(seen, 1, keepdims=True)
        net = tf.layers.dense(mean, 8, activation=tf.nn.tanh, name="project")
        return tf.nn.l2_normalize(net, 1)

    left, right = tower(query, "query"), tower(document, "document")
    score = tf.reduce_sum(left * right, 1)
  return {"query": left, "document": right, "score": score}
