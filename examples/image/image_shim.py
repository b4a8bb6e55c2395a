"""The first step of the move: the TF-Slim function in a Keras layer."""

import image_tf1
import tensorflow as tf


class SmallCnn(tf.keras.layers.Layer):
  """Keeps variables and penalties of the TF-Slim function."""

  @tf.compat.v1.keras.utils.track_tf1_style_variables
  def call(self, inputs, training=False):
    """Runs the function; `inputs` holds `images`."""
    return image_tf1.small_cnn(inputs["images"], training)
