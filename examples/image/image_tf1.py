"""An image classifier in TF-Slim: arg scopes, batch norm, weight decay."""

import tensorflow.compat.v1 as tf
import tf_slim as slim

WEIGHT_DECAY = 1e-3


def small_cnn(images, training):
  """Two convolutions with batch norm, global average pooling, logits.

  Args:
    images: float32 [batch, height, width, 3].
    training: whether batch norm takes the batch's statistics.

  Returns:
    `{"logits": float32 [batch, 5]}`; the weights' penalty and the moving
    averages' updates are in their collections.
  """
  norm = {"is_training": training, "decay": 0.95, "scale": True}
  with tf.variable_scope("cnn"), slim.arg_scope(
    [slim.conv2d],
    normalizer_fn=slim.batch_norm,
    normalizer_params=norm,
    weights_regularizer=slim.l2_regularizer(WEIGHT_DECAY),
  ):
    net = slim.conv2d(images, 8, 3, scope="conv1")
    net = slim.conv2d(net, 16, 3, stride=2, scope="conv2")
    net = tf.reduce_mean(net, [1, 2])
    logits = slim.fully_connected(net, 5, activation_fn=None, scope="logits")
  return {"logits": logits}
