"""Is TF-Slim's VGG-A below the shim the TF1.x network? As published.

Its first dense layer is a 7 x 7 kernel, so the images cannot be smaller, and
it has 129 million weights, of which each recording holds two copies.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> np.ndarray:
  """One random image, [1, 224, 224, 3]."""
  return rng.normal(size=(1, 224, 224, 3)).astype(np.float32)


def tf1(inputs: Any, training: bool) -> Tuple[Any, Dict[str, Any]]:
  """The TF1.x network."""
  from testing.models import slim_nets

  return slim_nets.vgg_a(inputs, training)


def tf2() -> Any:
  """The same function in a Keras layer."""
  from testing.models import slim_nets
  from testing.models import slim_nets_layer

  return slim_nets_layer.SlimNetLayer(slim_nets.vgg_a)


CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, tags=("large",))
