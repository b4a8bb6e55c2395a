"""What is the smallest TF1.x function with variables? Scale and shift."""

from __future__ import annotations

import tensorflow.compat.v1 as tf

INITIAL_SCALE = 3.0
INITIAL_SHIFT = 0.5


def scale_and_shift(inputs: tf.Tensor) -> tf.Tensor:
  """Returns inputs * scale + shift, of any shape; both are variables."""
  with tf.variable_scope("scaling"):
    scale = tf.get_variable("scale", initializer=INITIAL_SCALE)
    shift = tf.get_variable("shift", initializer=INITIAL_SHIFT)
    return inputs * scale + shift
