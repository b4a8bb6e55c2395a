"""Is TF-Slim's ResNet-v2-50 below the shim the TF1.x network? As published.

It pools whatever grid is left, so the images may be small.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> np.ndarray:
  """Two random images, [2, 65, 65, 3]."""
  return rng.normal(size=(2, 65, 65, 3)).astype(np.float32)


def tf1(inputs: Any, training: bool) -> Tuple[Any, Dict[str, Any]]:
  """The TF1.x network."""
  from testing.models import slim_nets

  return slim_nets.resnet_v2_50(inputs, training)


def tf2() -> Any:
  """The same function in a Keras layer."""
  from testing.models import slim_nets
  from testing.models import slim_nets_layer

  return slim_nets_layer.SlimNetLayer(slim_nets.resnet_v2_50)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2)
