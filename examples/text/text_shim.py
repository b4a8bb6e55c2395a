"""The first step of the move: the function, as it is, in a Keras layer."""

import tensorflow as tf
import text_tf1


class SentenceCnn(tf.keras.layers.Layer):
  """Keeps the variables that the TF1.x function makes, under their names."""

  @tf.compat.v1.keras.utils.track_tf1_style_variables
  def call(self, inputs, training=False):
    """Runs the function; `inputs` holds `tokens`, int32 [batch, time]."""
    return text_tf1.sentence_cnn(inputs["tokens"], training)
