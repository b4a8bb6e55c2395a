"""Does an LSTM tagger train the same in a Keras RNN? Padding and clipping too.

The TF1.x side is `tf.nn.rnn_cell.LSTMCell` by `dynamic_rnn`: one kernel for
inputs and state, gates in the order i, j, f, o, and a forget bias that is added
in every step. The port runs `tf.keras.layers.RNN` over a cell that keeps this
form, so `rename` is all that a TF1.x checkpoint needs; `keras.layers.LSTM` has
two kernels, gates in the order i, f, c, o, and no added bias, and would need
its weights converted. Gradients are clipped by their global norm, and meet
Adam.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import numpy as np

import parity

_WORDS, _TAGS, _SIZE, _UNITS = 30, 4, 6, 8
_CLIP = 0.5


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Padded sentences, [4, 7], with tags and lengths."""
  return {
    "words": rng.randint(1, _WORDS, size=(4, 7)).astype(np.int32),
    "tags": rng.randint(0, _TAGS, size=(4, 7)).astype(np.int32),
    "lengths": np.array([7, 5, 2, 6], np.int32),
  }


def tf1(inputs: Dict[str, Any], training: bool) -> Any:
  """Embedding, LSTM over the lengths, and a layer; returns the logits."""
  import tensorflow.compat.v1 as tf

  del training
  with tf.variable_scope("tagger"):
    table = tf.get_variable("embedding", [_WORDS, _SIZE])
    net = tf.nn.embedding_lookup(table, inputs["words"])
    cell = tf.nn.rnn_cell.LSTMCell(_UNITS, name="lstm_cell")
    net, _ = tf.nn.dynamic_rnn(
      cell, net, sequence_length=inputs["lengths"], dtype=tf.float32
    )
    return tf.layers.dense(net, _TAGS, name="tags")


def tf2() -> Any:
  """The port: a Keras RNN with a cell in TF1.x's form."""
  import tensorflow as tf

  layers = tf.keras.layers

  class FusedCell(layers.Layer):
    """An LSTM's step with one kernel; gates i, j, f, o."""

    def __init__(self, units: int, **settings: Any) -> None:
      super().__init__(**settings)
      self.units = units
      self.state_size = [units, units]
      self.output_size = units

    def build(self, shape: Any) -> None:
      """Makes the kernel and the bias."""
      self.kernel = self.add_weight(
        name="kernel",
        shape=[shape[-1] + self.units, 4 * self.units],
        initializer=tf.compat.v1.glorot_uniform_initializer(),
      )
      self.bias = self.add_weight(
        name="bias", shape=[4 * self.units], initializer="zeros"
      )
      self.built = True

    def call(
      self, inputs: Any, states: List[Any], training: Optional[bool] = None
    ) -> Tuple[Any, List[Any]]:
      """One step; returns the output and the new states."""
      del training
      carried, hidden = states
      gates = tf.matmul(tf.concat([inputs, hidden], 1), self.kernel) + self.bias
      i, j, f, o = tf.split(gates, 4, axis=1)
      carried = carried * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
      hidden = tf.tanh(carried) * tf.sigmoid(o)
      return hidden, [carried, hidden]

  class Tagger(tf.keras.Model):
    """Masks what lies behind a sentence's end."""

    def __init__(self) -> None:
      super().__init__(name="tagger")
      self.embedding = layers.Embedding(
        _WORDS,
        _SIZE,
        embeddings_initializer=tf.compat.v1.glorot_uniform_initializer(),
        name="embedding",
      )
      self.rnn = layers.RNN(
        FusedCell(_UNITS, name="lstm_cell"),
        return_sequences=True,
        zero_output_for_mask=True,
        name="rnn",
      )
      self.tags = layers.Dense(_TAGS, name="tags")

    def call(self, inputs: Dict[str, Any], training: bool = False) -> Any:
      """Runs the network."""
      net = self.embedding(inputs["words"])
      mask = tf.sequence_mask(inputs["lengths"], tf.shape(net)[1])
      return self.tags(self.rnn(net, mask=mask, training=training))

  return Tagger()


def loss(outputs: Any, inputs: Dict[str, Any]) -> Any:
  """The mean cross entropy of the words that are there."""
  import tensorflow.compat.v1 as tf

  each = tf.nn.sparse_softmax_cross_entropy_with_logits(
    labels=inputs["tags"], logits=outputs
  )
  mask = tf.sequence_mask(inputs["lengths"], 7, dtype=tf.float32)
  return tf.reduce_sum(each * mask) / tf.reduce_sum(mask)


def tf1_optimizer() -> Any:
  """Adam behind `tf.clip_by_global_norm`."""
  import tensorflow.compat.v1 as tf

  class ClippingAdam(tf.train.AdamOptimizer):
    """Clips all gradients together, as training loops do."""

    def apply_gradients(self, grads_and_vars: Any, **settings: Any) -> Any:
      """Clips, then updates."""
      slopes, variables = zip(*grads_and_vars)
      clipped, _ = tf.clip_by_global_norm(slopes, _CLIP)
      return super().apply_gradients(zip(clipped, variables), **settings)

  return ClippingAdam(0.01)


def tf2_optimizer() -> Any:
  """Adam with TF1.x's epsilon, clipping in Keras's own words."""
  import tensorflow as tf

  return tf.keras.optimizers.Adam(0.01, epsilon=1e-8, global_clipnorm=_CLIP)


RENAME = {
  "tagger/embedding/embeddings": "tagger/embedding",
  "tagger/rnn/lstm_cell/kernel": "tagger/rnn/lstm_cell/kernel",
  "tagger/rnn/lstm_cell/bias": "tagger/rnn/lstm_cell/bias",
  "tagger/tags/kernel": "tagger/tags/kernel",
  "tagger/tags/bias": "tagger/tags/bias",
}


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=RENAME,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
