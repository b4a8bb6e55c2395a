"""Which mistake does the shim not forgive? Variables made in every call.

`ScalingLayer` ports `scaling.scale_and_shift` by the shim, which keeps its
variables. `BrokenScalingLayer` makes two `tf.Variable`s in `call`: the shim
keeps only those of `get_variable` and of layers, so each call starts anew.
"""

from __future__ import annotations

import tensorflow as tf

from testing.models import scaling


class ScalingLayer(tf.keras.layers.Layer):
  """The port: the TF1.x function below the shim."""

  @tf.compat.v1.keras.utils.track_tf1_style_variables
  def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
    """Scales and shifts."""
    del training
    return scaling.scale_and_shift(inputs)


class BrokenScalingLayer(tf.keras.layers.Layer):
  """The port as it must not be: two new variables in every call."""

  @tf.compat.v1.keras.utils.track_tf1_style_variables
  def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
    """Scales and shifts, by variables that no later call finds again."""
    del training
    scale = tf.Variable(scaling.INITIAL_SCALE, name="scaling/scale")
    shift = tf.Variable(scaling.INITIAL_SHIFT, name="scaling/shift")
    return inputs * scale + shift
