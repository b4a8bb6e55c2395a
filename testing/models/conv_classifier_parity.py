"""Does a convolutional classifier train the same in Keras? Batch norm and all.

Loss, momentum, the moving averages of UPDATE_OPS, and a checkpoint that genuine
TensorFlow 1.15 wrote (`testing.models.write_checkpoints`). Small, so that its
golden lies in `testing/goldens`.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

import parity

_CLASSES = 5


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Images, [8, 12, 12, 3], and their labels."""
  return {
    "images": rng.normal(size=(8, 12, 12, 3)).astype(np.float32),
    "labels": rng.randint(0, _CLASSES, size=8).astype(np.int32),
  }


def tf1(inputs: Dict[str, Any], training: bool) -> Any:
  """Two convolutions with batch norm, pooled; returns the logits."""
  import tensorflow.compat.v1 as tf

  with tf.variable_scope("net"):
    net = inputs["images"]
    for name, filters in (("conv1", 8), ("conv2", 16)):
      net = tf.layers.conv2d(
        net, filters, 3, strides=2, padding="same", use_bias=False, name=name
      )
      net = tf.layers.batch_normalization(
        net, momentum=0.9, training=training, name=f"{name}_norm"
      )
      net = tf.nn.relu(net)
    net = tf.reduce_mean(net, [1, 2])
    return tf.layers.dense(net, _CLASSES, name="logits")


def tf2() -> Any:
  """The port, in Keras's own layers."""
  import tensorflow as tf

  layers = tf.keras.layers

  class Classifier(tf.keras.Model):
    """Its layers are named as those of a new model are."""

    def __init__(self) -> None:
      super().__init__(name="classifier")
      self.blocks = [
        layers.Conv2D(
          filters, 3, strides=2, padding="same", use_bias=False, name=name
        )
        for name, filters in (("conv1", 8), ("conv2", 16))
      ]
      self.norms = [
        layers.BatchNormalization(momentum=0.9, name=f"{block.name}_norm")
        for block in self.blocks
      ]
      self.pool = layers.GlobalAveragePooling2D()
      self.classes = layers.Dense(_CLASSES, name="logits")

    def call(self, inputs: Dict[str, Any], training: bool = False) -> Any:
      """Runs the network."""
      net = inputs["images"]
      for block, norm in zip(self.blocks, self.norms):
        net = tf.nn.relu(norm(block(net), training=training))
      return self.classes(self.pool(net))

  return Classifier()


def loss(outputs: Any, inputs: Dict[str, Any]) -> Any:
  """The mean cross entropy."""
  import tensorflow as tf

  return tf.reduce_mean(
    tf.nn.sparse_softmax_cross_entropy_with_logits(
      labels=inputs["labels"], logits=outputs
    )
  )


def tf1_optimizer() -> Any:
  """Momentum as TF1.x has it."""
  import tensorflow.compat.v1 as tf

  return tf.train.MomentumOptimizer(0.05, 0.9)


def tf2_optimizer() -> Any:
  """Momentum as Keras has it."""
  import tensorflow as tf

  return tf.keras.optimizers.SGD(0.05, momentum=0.9)


def rename(name: str) -> str:
  """The port's names, in tf1's scope."""
  return name.replace("classifier/", "net/")


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  rename=rename,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
  checkpoint="checkpoints/conv_classifier/model.ckpt-3",
)
