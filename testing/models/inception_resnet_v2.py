"""What is Inception-ResNet-v2 as a TF1.x function? TF-Slim, one function.

The network of arXiv 1602.07261 in its TF-Slim form: every variable is made by
`slim.conv2d`, `slim.batch_norm` or `slim.fully_connected` below the scope
`InceptionResnetV2`, in the order in which the figures stand in the paper's
diagrams, the auxiliary head after everything that it does not feed. Names and
order are those of the published checkpoints, so both are part of the contract.

1. `arg_scope` holds the settings of the layers: L2 regulariser, batch norm.
2. `inception_resnet_v2` builds the network; it runs in a TF1.x graph, and below
   `track_tf1_style_variables` in eager mode and `tf.function`.

The residual scales are arguments, so that a port can be given a wrong one.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Tuple, Union

import tensorflow.compat.v1 as tf
import tf_slim as slim

WEIGHT_DECAY = 0.00004
BATCH_NORM_DECAY = 0.9997
BATCH_NORM_EPSILON = 0.001
DROPOUT_KEEP_PROBABILITY = 0.8

BLOCK35_SCALE = 0.17
BLOCK17_SCALE = 0.10
BLOCK8_SCALE = 0.20


Activation = Optional[Callable[[tf.Tensor], tf.Tensor]]

# Of all blocks of a kind, or of the block of a scope.
Scale = Union[float, Callable[[str], float]]


def arg_scope(*, batch_norm_scale: bool = True) -> Dict[str, Any]:
  """The settings of all layers, for `slim.arg_scope`.

  Args:
    batch_norm_scale: whether batch norm learns a scale (gamma) too.
  """
  batch_norm = {
    "decay": BATCH_NORM_DECAY,
    "epsilon": BATCH_NORM_EPSILON,
    "scale": batch_norm_scale,
    "updates_collections": tf.GraphKeys.UPDATE_OPS,
  }
  with slim.arg_scope(
    [slim.conv2d, slim.fully_connected],
    weights_regularizer=slim.l2_regularizer(WEIGHT_DECAY),
    biases_regularizer=slim.l2_regularizer(WEIGHT_DECAY),
  ), slim.arg_scope(
    [slim.conv2d],
    activation_fn=tf.nn.relu,
    normalizer_fn=slim.batch_norm,
    normalizer_params=batch_norm,
  ) as scope:
    return scope


def inception_resnet_v2(
  images: tf.Tensor,
  num_classes: int,
  is_training: bool,
  *,
  block35_scale: Scale = BLOCK35_SCALE,
  block17_scale: Scale = BLOCK17_SCALE,
  block8_scale: Scale = BLOCK8_SCALE,
) -> Tuple[tf.Tensor, Dict[str, tf.Tensor]]:
  """Builds the network below the scope `InceptionResnetV2`.

  Args:
    images: [batch, 299, 299, 3], float32; other sizes from 139 on work too.
    num_classes: width of both heads.
    is_training: batch statistics and dropout on.
    block35_scale: residual scale of the first ten blocks.
    block17_scale: residual scale of the next twenty.
    block8_scale: residual scale of the last ten, but for the very last.

  Returns:
    The logits, [batch, num_classes], and the end points by name. Batch norm's
    updates are in the collection UPDATE_OPS.
  """
  with slim.arg_scope(arg_scope()), tf.variable_scope(
    "InceptionResnetV2"
  ), slim.arg_scope(
    [slim.batch_norm, slim.dropout], is_training=is_training
  ), slim.arg_scope(
    [slim.conv2d, slim.max_pool2d, slim.avg_pool2d], stride=1, padding="SAME"
  ):
    end_points = {}
    net = _stem(images, end_points)

    net = end_points["Mixed_5b"] = _mixed_5b(net)
    net = slim.repeat(
      net, 10, block35, scale=block35_scale, activation=tf.nn.relu
    )
    net = end_points["Mixed_6a"] = _mixed_6a(net)
    net = slim.repeat(
      net, 20, block17, scale=block17_scale, activation=tf.nn.relu
    )
    end_points["PreAuxLogits"] = net
    net = end_points["Mixed_7a"] = _mixed_7a(net)
    net = slim.repeat(net, 9, block8, scale=block8_scale, activation=tf.nn.relu)
    net = block8(net, scale=1.0, activation=None, scope="Block8")
    net = slim.conv2d(net, 1536, [1, 1], scope="Conv2d_7b_1x1")
    end_points["Conv2d_7b_1x1"] = net

    end_points["AuxLogits"] = _auxiliary_head(
      end_points["PreAuxLogits"], num_classes
    )
    logits = _head(net, num_classes, end_points)
    return logits, end_points


def _stem(net: tf.Tensor, end_points: Dict[str, tf.Tensor]) -> tf.Tensor:
  """Everything before the first mixed block: [b, 35, 35, 192] for 299."""
  net = slim.conv2d(
    net, 32, [3, 3], stride=2, padding="VALID", scope="Conv2d_1a_3x3"
  )
  end_points["Conv2d_1a_3x3"] = net
  net = slim.conv2d(net, 32, [3, 3], padding="VALID", scope="Conv2d_2a_3x3")
  end_points["Conv2d_2a_3x3"] = net
  net = slim.conv2d(net, 64, [3, 3], scope="Conv2d_2b_3x3")
  end_points["Conv2d_2b_3x3"] = net
  net = slim.max_pool2d(
    net, [3, 3], stride=2, padding="VALID", scope="MaxPool_3a_3x3"
  )
  end_points["MaxPool_3a_3x3"] = net
  net = slim.conv2d(net, 80, [1, 1], padding="VALID", scope="Conv2d_3b_1x1")
  end_points["Conv2d_3b_1x1"] = net
  net = slim.conv2d(net, 192, [3, 3], padding="VALID", scope="Conv2d_4a_3x3")
  end_points["Conv2d_4a_3x3"] = net
  net = slim.max_pool2d(
    net, [3, 3], stride=2, padding="VALID", scope="MaxPool_5a_3x3"
  )
  end_points["MaxPool_5a_3x3"] = net
  return net


def _mixed_5b(net: tf.Tensor) -> tf.Tensor:
  """Inception-A: 320 channels, same size."""
  with tf.variable_scope("Mixed_5b"):
    with tf.variable_scope("Branch_0"):
      branch_0 = slim.conv2d(net, 96, [1, 1], scope="Conv2d_1x1")
    with tf.variable_scope("Branch_1"):
      branch_1 = slim.conv2d(net, 48, [1, 1], scope="Conv2d_0a_1x1")
      branch_1 = slim.conv2d(branch_1, 64, [5, 5], scope="Conv2d_0b_5x5")
    with tf.variable_scope("Branch_2"):
      branch_2 = slim.conv2d(net, 64, [1, 1], scope="Conv2d_0a_1x1")
      branch_2 = slim.conv2d(branch_2, 96, [3, 3], scope="Conv2d_0b_3x3")
      branch_2 = slim.conv2d(branch_2, 96, [3, 3], scope="Conv2d_0c_3x3")
    with tf.variable_scope("Branch_3"):
      branch_3 = slim.avg_pool2d(net, [3, 3], scope="AvgPool_0a_3x3")
      branch_3 = slim.conv2d(branch_3, 64, [1, 1], scope="Conv2d_0b_1x1")
    return tf.concat([branch_0, branch_1, branch_2, branch_3], axis=3)


def block35(
  net: tf.Tensor, *, scale: Scale, activation: Activation, scope: str
) -> tf.Tensor:
  """Inception-ResNet-A, on the 35 x 35 grid."""
  with tf.variable_scope(scope):
    with tf.variable_scope("Branch_0"):
      branch_0 = slim.conv2d(net, 32, [1, 1], scope="Conv2d_1x1")
    with tf.variable_scope("Branch_1"):
      branch_1 = slim.conv2d(net, 32, [1, 1], scope="Conv2d_0a_1x1")
      branch_1 = slim.conv2d(branch_1, 32, [3, 3], scope="Conv2d_0b_3x3")
    with tf.variable_scope("Branch_2"):
      branch_2 = slim.conv2d(net, 32, [1, 1], scope="Conv2d_0a_1x1")
      branch_2 = slim.conv2d(branch_2, 48, [3, 3], scope="Conv2d_0b_3x3")
      branch_2 = slim.conv2d(branch_2, 64, [3, 3], scope="Conv2d_0c_3x3")
    mixed = tf.concat([branch_0, branch_1, branch_2], axis=3)
    return _add_residual(net, mixed, scale, activation)


def block17(
  net: tf.Tensor, *, scale: Scale, activation: Activation, scope: str
) -> tf.Tensor:
  """Inception-ResNet-B, on the 17 x 17 grid."""
  with tf.variable_scope(scope):
    with tf.variable_scope("Branch_0"):
      branch_0 = slim.conv2d(net, 192, [1, 1], scope="Conv2d_1x1")
    with tf.variable_scope("Branch_1"):
      branch_1 = slim.conv2d(net, 128, [1, 1], scope="Conv2d_0a_1x1")
      branch_1 = slim.conv2d(branch_1, 160, [1, 7], scope="Conv2d_0b_1x7")
      branch_1 = slim.conv2d(branch_1, 192, [7, 1], scope="Conv2d_0c_7x1")
    mixed = tf.concat([branch_0, branch_1], axis=3)
    return _add_residual(net, mixed, scale, activation)


def block8(
  net: tf.Tensor, *, scale: Scale, activation: Activation, scope: str
) -> tf.Tensor:
  """Inception-ResNet-C, on the 8 x 8 grid."""
  with tf.variable_scope(scope):
    with tf.variable_scope("Branch_0"):
      branch_0 = slim.conv2d(net, 192, [1, 1], scope="Conv2d_1x1")
    with tf.variable_scope("Branch_1"):
      branch_1 = slim.conv2d(net, 192, [1, 1], scope="Conv2d_0a_1x1")
      branch_1 = slim.conv2d(branch_1, 224, [1, 3], scope="Conv2d_0b_1x3")
      branch_1 = slim.conv2d(branch_1, 256, [3, 1], scope="Conv2d_0c_3x1")
    mixed = tf.concat([branch_0, branch_1], axis=3)
    return _add_residual(net, mixed, scale, activation)


def _add_residual(
  net: tf.Tensor, mixed: tf.Tensor, scale: Scale, activation: Activation
) -> tf.Tensor:
  """Projects `mixed` to the width of `net` and adds `scale` times that."""
  residual = slim.conv2d(
    mixed,
    net.shape.as_list()[3],
    [1, 1],
    normalizer_fn=None,
    activation_fn=None,
    scope="Conv2d_1x1",
  )
  if callable(scale):
    scale = scale(tf.get_variable_scope().name)
  net += scale * residual
  return activation(net) if activation else net


def _mixed_6a(net: tf.Tensor) -> tf.Tensor:
  """Reduction to 17 x 17: 1088 channels."""
  with tf.variable_scope("Mixed_6a"):
    with tf.variable_scope("Branch_0"):
      branch_0 = _reduce(net, 384)
    with tf.variable_scope("Branch_1"):
      branch_1 = slim.conv2d(net, 256, [1, 1], scope="Conv2d_0a_1x1")
      branch_1 = slim.conv2d(branch_1, 256, [3, 3], scope="Conv2d_0b_3x3")
      branch_1 = _reduce(branch_1, 384)
    with tf.variable_scope("Branch_2"):
      branch_2 = _pool(net)
    return tf.concat([branch_0, branch_1, branch_2], axis=3)


def _mixed_7a(net: tf.Tensor) -> tf.Tensor:
  """Reduction to 8 x 8: 2080 channels."""
  with tf.variable_scope("Mixed_7a"):
    with tf.variable_scope("Branch_0"):
      branch_0 = slim.conv2d(net, 256, [1, 1], scope="Conv2d_0a_1x1")
      branch_0 = _reduce(branch_0, 384)
    with tf.variable_scope("Branch_1"):
      branch_1 = slim.conv2d(net, 256, [1, 1], scope="Conv2d_0a_1x1")
      branch_1 = _reduce(branch_1, 288)
    with tf.variable_scope("Branch_2"):
      branch_2 = slim.conv2d(net, 256, [1, 1], scope="Conv2d_0a_1x1")
      branch_2 = slim.conv2d(branch_2, 288, [3, 3], scope="Conv2d_0b_3x3")
      branch_2 = _reduce(branch_2, 320)
    with tf.variable_scope("Branch_3"):
      branch_3 = _pool(net)
    return tf.concat([branch_0, branch_1, branch_2, branch_3], axis=3)


def _reduce(net: tf.Tensor, channels: int) -> tf.Tensor:
  """Halves the grid by a convolution."""
  return slim.conv2d(
    net, channels, [3, 3], stride=2, padding="VALID", scope="Conv2d_1a_3x3"
  )


def _pool(net: tf.Tensor) -> tf.Tensor:
  """Halves the grid by max pooling."""
  return slim.max_pool2d(
    net, [3, 3], stride=2, padding="VALID", scope="MaxPool_1a_3x3"
  )


def _auxiliary_head(net: tf.Tensor, num_classes: int) -> tf.Tensor:
  """The auxiliary classifier's logits, [batch, num_classes]."""
  with tf.variable_scope("AuxLogits"):
    net = slim.avg_pool2d(
      net, [5, 5], stride=3, padding="VALID", scope="Conv2d_1a_3x3"
    )
    net = slim.conv2d(net, 128, [1, 1], scope="Conv2d_1b_1x1")
    net = slim.conv2d(
      net,
      768,
      net.shape.as_list()[1:3],
      padding="VALID",
      scope="Conv2d_2a_5x5",
    )
    net = slim.flatten(net)
    return slim.fully_connected(
      net, num_classes, activation_fn=None, scope="Logits"
    )


def _head(
  net: tf.Tensor, num_classes: int, end_points: Dict[str, tf.Tensor]
) -> tf.Tensor:
  """The classifier's logits, [batch, num_classes]; adds its end points."""
  with tf.variable_scope("Logits"):
    net = slim.avg_pool2d(
      net, net.shape.as_list()[1:3], padding="VALID", scope="AvgPool_1a_8x8"
    )
    net = end_points["PreLogitsFlatten"] = slim.flatten(net)
    net = slim.dropout(net, DROPOUT_KEEP_PROBABILITY, scope="Dropout")
    logits = slim.fully_connected(
      net, num_classes, activation_fn=None, scope="Logits"
    )
    end_points["Logits"] = logits
    end_points["Predictions"] = tf.nn.softmax(logits, name="Predictions")
    return logits
