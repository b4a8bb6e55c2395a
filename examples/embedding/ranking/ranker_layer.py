"""Scores items for a user: the port to native Keras."""

import tensorflow as tf

from ranking import ranker


class Ranker(tf.keras.layers.Layer):
  """The network of `ranker.score`."""

  def __init__(self):
    super().__init__(name="ranker")
    self.hidden = tf.keras.layers.Dense(16, activation="relu", name="hidden")
    self.dropout = tf.keras.layers.Dropout(0.1)
    self.score = tf.keras.layers.Dense(1, name="score")

  def build(self, _shape):
    """Makes the table of items."""
    self.items = self.add_weight(
      name="items",
      shape=(ranker.ITEMS, ranker.WIDTH),
      initializer=tf.keras.initializers.RandomNormal(stddev=0.05),
    )

  def call(self, inputs, training=False):
    """Returns a score for each item of the batch."""
    net = tf.concat(
      [tf.nn.embedding_lookup(self.items, inputs["item"]), inputs["user"]],
      axis=1,
    )
    net = self.dropout(self.hidden(net), training=training)
    return {"score": self.score(net)}
