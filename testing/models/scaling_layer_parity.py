"""Does the guide's scaling layer pass once it is fixed? It must."""

from __future__ import annotations

from typing import Any

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> np.ndarray:
  """A batch of features, [4, 3]."""
  return rng.normal(size=(4, 3)).astype(np.float32)


def tf1(inputs: Any, training: bool) -> Any:
  """The TF1.x function."""
  from testing.models import scaling

  del training
  return scaling.scale_and_shift(inputs)


def tf2() -> Any:
  """The same function below the shim."""
  from testing.models import scaling_layer

  return scaling_layer.ScalingLayer()


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
