"""The first step of the move: the TF1.x function in a Keras layer."""

import search_tf1
import tensorflow as tf


class TwoTowers(tf.keras.layers.Layer):
  """Keeps the variables that the TF1.x function makes."""

  @tf.compat.v1.keras.utils.track_tf1_style_variables
  def call(self, inputs, training=False):
    """Runs the function; `inputs` holds `query` and `document`."""
    del training  # Nothing is dropped.
    return search_tf1.two_towers(inputs["query"], inputs["document"])
