"""Does an embedding model with sparse gradients train the same? With Adagrad.

Words occur several times in a batch, so the rows of an IndexedSlices repeat;
most rows of the table have no gradient at all.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

import parity

_WORDS, _SIZE = 40, 6


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Words, [6, 5], many of them alike; an item a row, and whether it sold."""
  return {
    "words": rng.randint(0, 9, size=(6, 5)).astype(np.int64),
    "item": rng.randint(0, _WORDS, size=6).astype(np.int64),
    "sold": rng.randint(0, 2, size=6).astype(np.float32),
  }


def tf1(inputs: Dict[str, Any], training: bool) -> Any:
  """Dot product of a query's words and an item, with a bias a word."""
  import tensorflow.compat.v1 as tf

  del training
  with tf.variable_scope("clicks"):
    table = tf.get_variable("table", [_WORDS, _SIZE])
    bias = tf.get_variable(
      "bias", [_WORDS, 1], initializer=tf.zeros_initializer()
    )
    query = tf.reduce_mean(tf.nn.embedding_lookup(table, inputs["words"]), 1)
    query = tf.layers.dense(query, _SIZE, tf.nn.tanh, name="query")
    item = tf.nn.embedding_lookup(table, inputs["item"])
    shift = tf.nn.embedding_lookup(bias, inputs["item"])
    return tf.reduce_sum(query * item, 1) + tf.squeeze(shift, 1)


def tf2() -> Any:
  """The port, in Keras's embedding layers."""
  import tensorflow as tf

  layers = tf.keras.layers

  class Clicks(tf.keras.Model):
    """Shares one table between queries and items."""

    def __init__(self) -> None:
      super().__init__(name="clicks")
      self.table = layers.Embedding(
        _WORDS,
        _SIZE,
        embeddings_initializer=tf.compat.v1.glorot_uniform_initializer(),
        name="table",
      )
      self.bias = layers.Embedding(
        _WORDS, 1, embeddings_initializer="zeros", name="bias"
      )
      self.query = layers.Dense(_SIZE, "tanh", name="query")

    def call(self, inputs: Dict[str, Any], training: bool = False) -> Any:
      """Runs the network."""
      del training
      query = self.query(tf.reduce_mean(self.table(inputs["words"]), 1))
      item = self.table(inputs["item"])
      shift = tf.squeeze(self.bias(inputs["item"]), 1)
      return tf.reduce_sum(query * item, 1) + shift

  return Clicks()


def loss(outputs: Any, inputs: Dict[str, Any]) -> Any:
  """The mean cross entropy of clicks."""
  import tensorflow as tf

  return tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(
      labels=inputs["sold"], logits=outputs
    )
  )


def tf1_optimizer() -> Any:
  """Adagrad as TF1.x has it."""
  import tensorflow.compat.v1 as tf

  return tf.train.AdagradOptimizer(0.1)


def tf2_optimizer() -> Any:
  """Adagrad with TF1.x's start; its epsilon is lost beside it."""
  import tensorflow as tf

  return tf.keras.optimizers.Adagrad(
    0.1, initial_accumulator_value=0.1, epsilon=1e-10
  )


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename={
    "clicks/table/embeddings": "clicks/table",
    "clicks/bias/embeddings": "clicks/bias",
  },
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
