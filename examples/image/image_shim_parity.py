"""Is the shim port the TF-Slim classifier, and does it train alike?"""

import numpy as np

import parity


def inputs(rng):
  """Images of 12 by 10, so that no swapped axis stays unseen, and labels."""
  return {
    "images": rng.normal(size=(4, 12, 10, 3)).astype(np.float32),
    "labels": rng.randint(0, 5, size=4).astype(np.int32),
  }


def tf1(inputs, training):
  """The TF1.x forward pass."""
  import image_tf1

  return image_tf1.small_cnn(inputs["images"], training)


def tf2():
  """The port."""
  import image_shim

  return image_shim.SmallCnn()


def loss(outputs, inputs):
  """Mean cross-entropy."""
  import tensorflow as tf

  return tf.reduce_mean(
    tf.nn.sparse_softmax_cross_entropy_with_logits(
      labels=inputs["labels"], logits=outputs["logits"]
    )
  )


def tf1_optimizer():
  """What trained the model."""
  import tensorflow.compat.v1 as tf

  return tf.train.MomentumOptimizer(0.05, 0.9)


def tf2_optimizer():
  """What trains the port."""
  import tensorflow as tf

  return tf.keras.optimizers.SGD(0.05, momentum=0.9)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  loss=loss,
  tf1_optimizer=tf1_optimizer,
  tf2_optimizer=tf2_optimizer,
)
