"""Which networks did nobody here write? Those that TF-Slim publishes.

Each function builds one of `tf_slim.nets` as published, with the arg scope
published beside it, and returns its own (logits, end points).
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

import tensorflow.compat.v1 as tf
import tf_slim as slim
from tf_slim.nets import inception
from tf_slim.nets import resnet_v2
from tf_slim.nets import vgg

NUM_CLASSES = 10

Network = Callable[[tf.Tensor, bool], Tuple[tf.Tensor, Dict[str, Any]]]


def inception_v1(
  images: tf.Tensor, training: bool
) -> Tuple[tf.Tensor, Dict[str, Any]]:
  """GoogLeNet; images [batch, 193..224, 193..224, 3]."""
  with slim.arg_scope(inception.inception_v1_arg_scope()):
    return inception.inception_v1(images, NUM_CLASSES, is_training=training)


def narrow_inception_v2(
  images: tf.Tensor, training: bool
) -> Tuple[tf.Tensor, Dict[str, Any]]:
  """Inception-v2 with a few channels a layer; images [batch, any, any, 3]."""
  with slim.arg_scope(inception.inception_v2_arg_scope()):
    return inception.inception_v2(
      images,
      NUM_CLASSES,
      is_training=training,
      depth_multiplier=0.05,
      min_depth=4,
    )


def resnet_v2_50(
  images: tf.Tensor, training: bool
) -> Tuple[tf.Tensor, Dict[str, Any]]:
  """ResNet-50 with pre-activation; images [batch, any, any, 3]."""
  with slim.arg_scope(resnet_v2.resnet_arg_scope()):
    return resnet_v2.resnet_v2_50(images, NUM_CLASSES, is_training=training)


def vgg_a(
  images: tf.Tensor, training: bool
) -> Tuple[tf.Tensor, Dict[str, Any]]:
  """VGG-11; images [batch, 224, 224, 3]."""
  with slim.arg_scope(vgg.vgg_arg_scope()):
    return vgg.vgg_a(images, NUM_CLASSES, is_training=training)
