"""The last step, with a bug left in: which line changed the model?"""

import tensorflow as tf


class Tower(tf.keras.layers.Layer):
  """The mean of the words' embeddings, projected onto the unit sphere."""

  def __init__(self, table, name):
    super().__init__(name=name)
    self.table = table
    self.mean = tf.keras.layers.GlobalAveragePooling1D()
    self.project = tf.keras.layers.Dense(8, activation="tanh", name="project")

  def call(self, tokens):
    """Runs the tower on int32 [batch, words]."""
    net = self.project(self.mean(self.table(tokens)))
    return tf.math.l2_normalize(net, 1)


class TwoTowers(tf.keras.layers.Layer):
  """Scores documents for queries by the cosine of their mean embeddings."""

  def __init__(self):
    super().__init__(name="search")
    self.table = tf.keras.layers.Embedding(
      40, 8, embeddings_initializer="glorot_uniform", name="table"
    )
    self.query = Tower(self.table, "query")
    self.document = Tower(self.table, "document")

  def call(self, inputs, training=False):
    """Runs the model; `inputs` holds `query` and `document`."""
    del training  # Nothing is dropped.
    left = self.query(inputs["query"])
    right = self.document(inputs["document"])
    score = tf.reduce_sum(left * right, 1)
    return {"query": left, "document": right, "score": score}


def rename(name):
  """The TF1.x name of a variable of the port."""
  return "search/table" if name.endswith("table/embeddings") else name
