"""How would one write TF-Slim's ResNet-v2-50 in plain Keras? Like this.

No shim, no TF-Slim, and names of its own: a port as its owner would like to
have it in the end. `tf1_name` says which of its variables is which.
"""

from __future__ import annotations

import math
import re
from typing import Any, Dict, Optional, Sequence

import tensorflow as tf

WEIGHT_DECAY = 1e-4
BATCH_NORM_DECAY = 0.997
BATCH_NORM_EPSILON = 1e-5
STAGES = ((64, 3, 2), (128, 4, 2), (256, 6, 2), (512, 3, 1))
"""Width, number of units, stride of the last unit."""

layers = tf.keras.layers


def scaled_normal(shape: Sequence[int], dtype: Any = None) -> tf.Tensor:
  """TF-Slim's variance_scaling_initializer; Keras's scales otherwise."""
  fan_in = math.prod(shape[:-1])
  deviation = math.sqrt(1.3 * 2.0 / fan_in)
  return tf.random.truncated_normal(
    shape, 0.0, deviation, dtype or tf.float32, seed=None
  )


def conv(width: int, size: int, **settings: Any) -> layers.Layer:
  """A convolution with weight decay."""
  return layers.Conv2D(
    width,
    size,
    kernel_initializer=scaled_normal,
    # l2_regularizer of TF-Slim halves the sum of squares.
    kernel_regularizer=tf.keras.regularizers.L2(WEIGHT_DECAY / 2),
    **settings,
  )


def norm(name: str, epsilon: float) -> layers.Layer:
  """Batch norm with TF-Slim's settings."""
  return layers.BatchNormalization(
    momentum=BATCH_NORM_DECAY, epsilon=epsilon, name=name
  )


def pad(images: tf.Tensor, size: int) -> tf.Tensor:
  """Zeros around, whatever the stride, so that corners stay aligned."""
  before = (size - 1) // 2
  after = size - 1 - before
  return tf.pad(images, [[0, 0], [before, after], [before, after], [0, 0]])


class Unit(layers.Layer):
  """A bottleneck: reduce, convolve, expand; the input is added."""

  def __init__(
    self, width: int, stride: int, *, widens: bool, epsilon: float, name: str
  ) -> None:
    super().__init__(name=name)
    self.stride = stride
    self.first_norm = norm("first_norm", epsilon)
    self.skip = (
      conv(4 * width, 1, strides=stride, name="skip") if widens else None
    )
    self.reduce = conv(width, 1, use_bias=False, name="reduce")
    self.reduce_norm = norm("reduce_norm", epsilon)
    self.middle = conv(
      width,
      3,
      strides=stride,
      padding="same" if stride == 1 else "valid",
      use_bias=False,
      name="middle",
    )
    self.middle_norm = norm("middle_norm", epsilon)
    self.expand = conv(4 * width, 1, name="expand")

  def call(self, inputs: tf.Tensor, training: Optional[bool] = None) -> Any:
    """Runs the unit on [batch, height, width, channels]."""
    active = tf.nn.relu(self.first_norm(inputs, training=training))
    if self.skip is not None:
      skipped = self.skip(active)
    else:
      skipped = inputs[:, :: self.stride, :: self.stride]
    net = self.reduce(active)
    net = tf.nn.relu(self.reduce_norm(net, training=training))
    net = self.middle(net if self.stride == 1 else pad(net, 3))
    net = tf.nn.relu(self.middle_norm(net, training=training))
    return skipped + self.expand(net)


class ResNet(layers.Layer):
  """ResNet-50 with pre-activation: images to logits and predictions."""

  def __init__(
    self, num_classes: int, *, epsilon: float = BATCH_NORM_EPSILON
  ) -> None:
    super().__init__(name="resnet")
    self.stem = conv(64, 7, strides=2, padding="valid", name="stem")
    self.pool = layers.MaxPool2D(3, 2, padding="same")
    self.units = [
      Unit(
        width,
        stride if place == count - 1 else 1,
        widens=place == 0,
        epsilon=epsilon,
        name=f"stage{stage}_unit{place + 1}",
      )
      for stage, (width, count, stride) in enumerate(STAGES, start=1)
      for place in range(count)
    ]
    self.last_norm = norm("last_norm", epsilon)
    self.head = conv(num_classes, 1, name="head")

  def call(
    self, inputs: tf.Tensor, training: Optional[bool] = None
  ) -> Dict[str, tf.Tensor]:
    """Runs the network on [batch, height, width, 3]."""
    net = self.pool(self.stem(pad(inputs, 7)))
    for unit in self.units:
      net = unit(net, training=training)
    net = tf.nn.relu(self.last_norm(net, training=training))
    net = tf.reduce_mean(net, [1, 2], keepdims=True)
    logits = self.head(net)
    return {"logits": logits, "predictions": tf.nn.softmax(logits)}


_PLACES = {
  "stem": "conv1",
  "skip": "shortcut",
  "reduce": "conv1",
  "reduce_norm": "conv1/BatchNorm",
  "middle": "conv2",
  "middle_norm": "conv2/BatchNorm",
  "expand": "conv3",
  "first_norm": "preact",
  "last_norm": "postnorm",
  "head": "logits",
}
_LEAVES = {"kernel": "weights", "bias": "biases"}


def tf1_name(name: str) -> str:
  """TF-Slim's name of a variable of `ResNet`.

  >>> tf1_name("resnet/stage2_unit1/middle/kernel")
  'resnet_v2_50/block2/unit_1/bottleneck_v2/conv2/weights'
  """
  _, *scopes, place, leaf = name.split("/")
  found = ["resnet_v2_50"]
  for scope in scopes:
    match = re.fullmatch(r"stage(\d+)_unit(\d+)", scope)
    if match:
      found.append(f"block{match[1]}/unit_{match[2]}/bottleneck_v2")
  found += [_PLACES.get(place, place), _LEAVES.get(leaf, leaf)]
  return "/".join(found)
