"""Is a chaotic network the same by other sums? Only a proof can tell.

The image is constant but for a few units in the last place, and normalisation
divides what is left of it by itself: rounding over rounding. So two sides that
are equal in exact arithmetic differ by as much as the outputs are large, and no
tolerance tells that from a bug. The port sums its convolutions in another
order, as another version's kernel might.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

import parity

BLOCKS = 4
CHANNELS = 8


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """One image of ones, a few ulp apart, [1, 14, 14, 8]."""
  noise = 1e-6 * rng.normal(size=(1, 14, 14, CHANNELS))
  return {"images": (1 + noise).astype(np.float32)}


def convolution(net: Any, weights: Any, *, split: bool) -> Any:
  """A convolution; split, it is the sum of two over half the channels each."""
  import tensorflow.compat.v1 as tf

  if not split:
    return tf.nn.conv2d(net, weights, strides=[1, 1, 1, 1], padding="VALID")
  half = CHANNELS // 2
  return tf.add(
    convolution(net[..., half:], weights[:, :, half:], split=False),
    convolution(net[..., :half], weights[:, :, :half], split=False),
  )


def network(
  inputs: Dict[str, Any], *, split: bool = False, factor: float = 1.0
) -> Dict[str, Any]:
  """Four blocks of convolution, normalisation and ReLU.

  Args:
    inputs: `images`.
    split: sum the convolutions in another order.
    factor: scales the third block; other than 1 it is a bug.
  """
  import tensorflow.compat.v1 as tf

  net, points = inputs["images"], {}
  for block in range(BLOCKS):
    with tf.variable_scope(f"block{block}"):
      weights = tf.get_variable(
        "w",
        [3, 3, CHANNELS, CHANNELS],
        initializer=tf.random_normal_initializer(stddev=0.1),
      )
      net = convolution(net, weights, split=split)
      centred = net - tf.reduce_mean(net, [0, 1, 2])
      variance = tf.reduce_mean(tf.square(centred), [0, 1, 2])
      net = tf.nn.relu(centred * tf.math.rsqrt(variance + 1e-12))
      net = net * (0.5 * factor if block == 2 else 0.5)
      points[f"block{block}"] = net
  return points


def make_port(*, split: bool = True, factor: float = 1.0) -> Any:
  """The network below the shim, in a Keras layer."""
  import tensorflow as tf

  class Port(tf.keras.layers.Layer):
    @tf.compat.v1.keras.utils.track_tf1_style_variables
    def call(
      self, inputs: Dict[str, Any], training: Any = None
    ) -> Dict[str, Any]:
      del training
      return network(inputs, split=split, factor=factor)

  return Port()


def tf1(inputs: Dict[str, Any], training: bool) -> Dict[str, Any]:
  """The network."""
  del training
  return network(inputs)


def tf2() -> Any:
  """The network by other sums."""
  return make_port()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
