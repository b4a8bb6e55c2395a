"""Does a transformer block train the same in Keras? On a rising learning rate.

Self-attention over masked positions, dropout, layer norm by hand against
Keras's own, and Adam on the warm-up schedule of the paper, a tensor of
`global_step` on one side and a `LearningRateSchedule` on the other.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

import parity

_SIZE, _HEADS, _LENGTH, _WARMUP = 8, 2, 5, 4


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """States, [3, 5, 8], which of them are there, and where they should go."""
  there = np.arange(_LENGTH)[None, :] < np.array([5, 3, 4])[:, None]
  return {
    "states": rng.normal(size=(3, _LENGTH, _SIZE)).astype(np.float32),
    "there": there.astype(np.float32),
    "target": rng.normal(size=(3, _LENGTH, _SIZE)).astype(np.float32),
  }


def _split(tf: Any, net: Any) -> Any:
  """[batch, length, size] as [batch, heads, length, size / heads]."""
  net = tf.reshape(net, [-1, _LENGTH, _HEADS, _SIZE // _HEADS])
  return tf.transpose(net, [0, 2, 1, 3])


def _attended(tf: Any, query: Any, key: Any, value: Any, there: Any) -> Any:
  """Scaled dot-product attention of all heads; returns its two stages."""
  scores = tf.matmul(query, key, transpose_b=True) / (_SIZE / _HEADS) ** 0.5
  scores += (1.0 - there[:, None, None, :]) * -1e9
  net = tf.matmul(tf.nn.softmax(scores), value)
  net = tf.transpose(net, [0, 2, 1, 3])
  return tf.reshape(net, [-1, _LENGTH, _SIZE])


def tf1(inputs: Dict[str, Any], training: bool) -> Any:
  """The block, as TF1.x code has it."""
  import tensorflow.compat.v1 as tf

  def layer_norm(net: Any, name: str) -> Any:
    with tf.variable_scope(name):
      gamma = tf.get_variable(
        "gamma", [_SIZE], initializer=tf.ones_initializer()
      )
      beta = tf.get_variable(
        "beta", [_SIZE], initializer=tf.zeros_initializer()
      )
      mean, variance = tf.nn.moments(net, [-1], keepdims=True)
      return (net - mean) * tf.rsqrt(variance + 1e-6) * gamma + beta

  states = inputs["states"]
  with tf.variable_scope("block"):
    query, key, value = (
      _split(tf, tf.layers.dense(states, _SIZE, use_bias=False, name=name))
      for name in ("query", "key", "value")
    )
    net = _attended(tf, query, key, value, inputs["there"])
    net = tf.layers.dense(net, _SIZE, use_bias=False, name="output")
    net = tf.layers.dropout(net, 0.2, training=training)
    states = layer_norm(states + net, "attention_norm")
    net = tf.layers.dense(states, 4 * _SIZE, tf.nn.relu, name="inner")
    net = tf.layers.dense(net, _SIZE, name="outer")
    net = tf.layers.dropout(net, 0.2, training=training)
    return layer_norm(states + net, "feed_forward_norm")


def tf2() -> Any:
  """The port, in Keras's layers."""
  import tensorflow as tf

  layers = tf.keras.layers

  class Block(layers.Layer):
    """Its layers have tf1's names."""

    def __init__(self) -> None:
      super().__init__(name="block")
      self.query, self.key, self.value, self.output_layer = (
        layers.Dense(_SIZE, use_bias=False, name=name)
        for name in ("query", "key", "value", "output")
      )
      self.inner = layers.Dense(4 * _SIZE, "relu", name="inner")
      self.outer = layers.Dense(_SIZE, name="outer")
      self.norms = [
        layers.LayerNormalization(epsilon=1e-6, name=name)
        for name in ("attention_norm", "feed_forward_norm")
      ]
      self.dropouts = [layers.Dropout(0.2), layers.Dropout(0.2)]

    def call(self, inputs: Dict[str, Any], training: bool = False) -> Any:
      """Runs the block."""
      states = inputs["states"]
      query, key, value = (
        _split(tf, layer(states))
        for layer in (self.query, self.key, self.value)
      )
      net = _attended(tf, query, key, value, inputs["there"])
      net = self.dropouts[0](self.output_layer(net), training=training)
      states = self.norms[0](states + net)
      net = self.outer(self.inner(states))
      net = self.dropouts[1](net, training=training)
      return self.norms[1](states + net)

  return Block()


def loss(outputs: Any, inputs: Dict[str, Any]) -> Any:
  """The mean square error where there is a state."""
  import tensorflow as tf

  error = tf.square(outputs - inputs["target"]) * inputs["there"][:, :, None]
  return tf.reduce_sum(error) / (tf.reduce_sum(inputs["there"]) * _SIZE)


def _rate(tf: Any, step: Any) -> Any:
  """The paper's learning rate in the update after `step` others."""
  number = tf.cast(step, tf.float32) + 1.0
  rising = number * _WARMUP**-1.5
  return 0.1 * _SIZE**-0.5 * tf.minimum(tf.pow(number, -0.5), rising)


def tf1_optimizer() -> Any:
  """Adam on a rate that is a tensor of the global step."""
  import tensorflow.compat.v1 as tf

  rate = _rate(tf, tf.train.get_or_create_global_step())
  return tf.train.AdamOptimizer(rate, beta2=0.98, epsilon=1e-9)


def tf2_optimizer() -> Any:
  """Adam on a Keras schedule."""
  import tensorflow as tf

  class WarmUp(tf.keras.optimizers.schedules.LearningRateSchedule):
    """Called with the number of updates so far."""

    def __call__(self, step: Any) -> Any:
      return _rate(tf, step)

    def get_config(self) -> Dict[str, Any]:
      """It has no settings."""
      return {}

  return tf.keras.optimizers.Adam(WarmUp(), beta_2=0.98, epsilon=1e-9)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
