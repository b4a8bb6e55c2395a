"""The last step: native Keras, with TF-Slim's weight decay and batch norm."""

import tensorflow as tf

WEIGHT_DECAY = 1e-3


def _conv(filters, name, strides=1):
  # slim.l2_regularizer halves the sum of squares, Keras's does not.
  return tf.keras.layers.Conv2D(
    filters,
    3,
    strides=strides,
    padding="same",
    use_bias=False,
    kernel_regularizer=tf.keras.regularizers.l2(0.5 * WEIGHT_DECAY),
    name=name,
  )


class SmallCnn(tf.keras.layers.Layer):
  """Two convolutions with batch norm, global average pooling, logits."""

  def __init__(self):
    super().__init__(name="cnn")
    self.conv1 = _conv(8, "conv1")
    self.norm1 = tf.keras.layers.BatchNormalization(momentum=0.95, name="norm1")
    self.conv2 = _conv(16, "conv2", strides=2)
    self.norm2 = tf.keras.layers.BatchNormalization(momentum=0.95, name="norm2")
    self.logits = tf.keras.layers.Dense(5, name="logits")

  def call(self, inputs, training=False):
    """Runs the model; `inputs` holds `images`."""
    net = self.norm1(self.conv1(inputs["images"]), training=training)
    net = self.norm2(self.conv2(tf.nn.relu(net)), training=training)
    net = tf.reduce_mean(tf.nn.relu(net), [1, 2])
    return {"logits": self.logits(net)}


def rename(name):
  """The TF-Slim name of a variable of the port."""
  name = name.replace("/norm1/", "/conv1/BatchNorm/")
  name = name.replace("/norm2/", "/conv2/BatchNorm/")
  name = name.replace("/kernel", "/weights")
  return name.replace("logits/bias", "logits/biases")
