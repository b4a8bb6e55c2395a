"""Is TF-Slim's Inception-v1 below the shim the TF1.x network? As published.

The images are the smallest whose last grid is the 7 x 7 that its pool needs.

The limit is the network's, measured: with oneDNN the graph fuses convolution,
batch norm and ReLU, and computes the 3 x 3 ones by other sums than the eager
kernels (Winograd's). Where every variable is 0.001 the outputs grow with depth
and the sides differ by up to 2.4e-5, relatively. With oneDNN off
(`--numerics strict`) they are bit-equal.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np

import parity


def inputs(rng: np.random.RandomState) -> np.ndarray:
  """One random image, [1, 193, 193, 3]."""
  return rng.uniform(size=(1, 193, 193, 3)).astype(np.float32)


def tf1(inputs: Any, training: bool) -> Tuple[Any, Dict[str, Any]]:
  """The TF1.x network."""
  from testing.models import slim_nets

  return slim_nets.inception_v1(inputs, training)


def tf2() -> Any:
  """The same function in a Keras layer."""
  from testing.models import slim_nets
  from testing.models import slim_nets_layer

  return slim_nets_layer.SlimNetLayer(slim_nets.inception_v1)


CASE = parity.Case(
  inputs=inputs,
  tf1=tf1,
  tf2=tf2,
  tolerance=parity.Tolerance(rtol=5e-5, atol=1e-5),
)
