"""Is a trained TF-Slim Inception-v2 the same below the shim? From a checkpoint.

The network is `tf_slim.nets`'s own, as narrow as its `depth_multiplier` makes
it, so that the checkpoint which genuine TensorFlow 1.15 wrote after three
updates (`testing.models.write_checkpoints`) is small enough to lie here.

In training its layers of batch norm over few pixels amplify what two kernels
round otherwise; the check measures that, and passes with a note.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> Dict[str, np.ndarray]:
  """Random images, [4, 96, 96, 3], with labels."""
  return {
    "images": rng.uniform(-1.0, 1.0, size=(4, 96, 96, 3)).astype(np.float32),
    "labels": rng.randint(0, 10, size=4).astype(np.int32),
  }


def tf1(inputs: Dict[str, Any], training: bool) -> Tuple[Any, Dict[str, Any]]:
  """The TF1.x network."""
  from testing.models import slim_nets

  return slim_nets.narrow_inception_v2(inputs["images"], training)


def tf2() -> Any:
  """The same function in a Keras layer."""
  import tensorflow as tf

  from testing.models import slim_nets
  from testing.models import slim_nets_layer

  class Net(slim_nets_layer.SlimNetLayer):
    """Takes the images out of the case's inputs."""

    def call(
      self, inputs: Dict[str, Any], training: bool = False
    ) -> Tuple[Any, Dict[str, Any]]:
      """Runs the network."""
      return super().call(inputs["images"], training=training)

  del tf
  return Net(slim_nets.narrow_inception_v2)


def loss(outputs: Tuple[Any, Dict[str, Any]], inputs: Dict[str, Any]) -> Any:
  """The mean cross entropy."""
  import tensorflow as tf

  return tf.reduce_mean(
    tf.nn.sparse_softmax_cross_entropy_with_logits(
      labels=inputs["labels"], logits=outputs[0]
    )
  )


def tf1_optimizer() -> Any:
  """Plain gradient descent as TF1.x has it."""
  import tensorflow.compat.v1 as tf

  return tf.train.GradientDescentOptimizer(0.01)


def tf2_optimizer() -> Any:
  """Plain gradient descent as Keras has it."""
  import tensorflow as tf

  return tf.keras.optimizers.SGD(0.01)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
  checkpoint="checkpoints/slim_inception_v2/model.ckpt-3",
)
