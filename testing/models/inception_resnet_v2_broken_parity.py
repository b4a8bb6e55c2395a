"""Is an error of 1e-4 found deep in a network whose rounding is as large?

In training mode batch norm amplifies rounding: at an image of ones, genuine
TF 1.15 and TF 2.21 differ by 0.14 in outputs of size 2, and no bug is there.
This port has the residual scale of one block wrong, by a ten-thousandth. With
`--tf1-cell tf1.15 --tf2-cell tf2.21`, or in one cell, the case beside it is to
pass, and this one to fail and name the scale.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np

import parity

NUM_CLASSES = 1000
BLOCK = "block8_5"
FACTOR = 1.0001


def inputs(rng: np.random.RandomState) -> np.ndarray:
  """One random image, [1, 299, 299, 3]."""
  return rng.normal(size=(1, 299, 299, 3)).astype(np.float32)


def tf1(inputs: Any, training: bool) -> Tuple[Any, Dict[str, Any]]:
  """The TF1.x network."""
  from testing.models import inception_resnet_v2

  return inception_resnet_v2.inception_resnet_v2(inputs, NUM_CLASSES, training)


def tf2() -> Any:
  """The same function in a Keras layer, one scale of it wrong."""
  from testing.models import inception_resnet_v2_layer

  def scale(scope: str) -> float:
    right = inception_resnet_v2_layer.BLOCK8_SCALE
    return right * FACTOR if scope.endswith(f"/{BLOCK}") else right

  return inception_resnet_v2_layer.InceptionResnetV2Layer(
    NUM_CLASSES, block8_scale=scale
  )


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, steps=("random_training",))
