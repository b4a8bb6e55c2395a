"""Is Inception-ResNet-v2 below the shim the TF1.x network? The guide's case.

The input is the validation guide's: one image of ones, 1000 classes. With it
the regularisation losses and the logits are the numbers that the guide prints.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np

import parity

NUM_CLASSES = 1000


def inputs(rng: np.random.RandomState) -> np.ndarray:
  """One image of ones, [1, 299, 299, 3]; nothing is drawn."""
  del rng
  return np.ones((1, 299, 299, 3), np.float32)


def tf1(inputs: Any, training: bool) -> Tuple[Any, Dict[str, Any]]:
  """The TF1.x network."""
  from testing.models import inception_resnet_v2

  return inception_resnet_v2.inception_resnet_v2(inputs, NUM_CLASSES, training)


def tf2() -> Any:
  """The same function in a Keras layer."""
  from testing.models import inception_resnet_v2_layer

  return inception_resnet_v2_layer.InceptionResnetV2Layer(NUM_CLASSES)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
