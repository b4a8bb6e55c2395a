"""Is TF-Slim's Inception-v1 below the shim the TF1.x network? As published.

The images are the smallest whose last grid is the 7 x 7 that its pool needs.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> np.ndarray:
  """One random image, [1, 193, 193, 3]."""
  return rng.normal(size=(1, 193, 193, 3)).astype(np.float32)


def tf1(inputs: Any, training: bool) -> Tuple[Any, Dict[str, Any]]:
  """The TF1.x network."""
  from testing.models import slim_nets

  return slim_nets.inception_v1(inputs, training)


def tf2() -> Any:
  """The same function in a Keras layer."""
  from testing.models import slim_nets
  from testing.models import slim_nets_layer

  return slim_nets_layer.SlimNetLayer(slim_nets.inception_v1)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
