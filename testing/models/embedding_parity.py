"""Is an embedding the same in a plain module? Whole numbers, text, half floats.

Small, so that its golden from TensorFlow 1.15 lies in `testing/goldens`.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

import parity

_WORDS, _SIZE = 20, 8


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Words as numbers, [3, 5], the last of them padding; a text a row."""
  words = rng.randint(1, _WORDS, size=(3, 5))
  words[:, -1] = 0
  return {"words": words.astype(np.int64), "text": np.array(["a", "bc", ""])}


def tf1(inputs: Dict[str, Any], training: bool) -> Dict[str, Any]:
  """The mean of the rows' embeddings, padding left out."""
  import tensorflow.compat.v1 as tf

  del training
  with tf.variable_scope("net"):
    table = tf.get_variable("table", [_WORDS, _SIZE])
  return _pooled(tf, inputs, table)


def tf2() -> Any:
  """The port, a module with one variable."""
  import tensorflow as tf

  class Net(tf.Module):
    """Makes its table as `get_variable` does."""

    def __init__(self) -> None:
      super().__init__(name="port")
      initial = tf.compat.v1.glorot_uniform_initializer()
      self.table = tf.Variable(
        lambda: initial([_WORDS, _SIZE]), name="net/table"
      )

    def __call__(
      self, inputs: Dict[str, Any], training: bool = False
    ) -> Dict[str, Any]:
      """Runs the network."""
      del training
      return _pooled(tf.compat.v1, inputs, self.table)

  return Net()


def _pooled(tf: Any, inputs: Dict[str, Any], table: Any) -> Dict[str, Any]:
  """What both sides compute, as tensors of several dtypes."""
  words = inputs["words"]
  is_word = tf.not_equal(words, 0)
  mask = tf.expand_dims(tf.cast(is_word, tf.float32), -1)
  rows = tf.nn.embedding_lookup(table, words) * mask
  pooled = tf.reduce_sum(rows, 1) / tf.reduce_sum(mask, 1)
  return {
    "pooled": pooled,
    "half": tf.cast(pooled, tf.float16),
    "brain": tf.cast(pooled, tf.bfloat16),
    "is_word": is_word,
    "length": tf.reduce_sum(tf.cast(is_word, tf.int32), 1),
    "text": tf.strings.join([inputs["text"], inputs["text"]]),
    "nothing": tf.zeros([0, _SIZE]),
  }


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
