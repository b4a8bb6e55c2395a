"""Is an epsilon found that a rewrite has from Keras? It must be."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

import parity

NUM_CLASSES = 10


def inputs(rng: np.random.RandomState) -> np.ndarray:
  """Two random images, [2, 65, 65, 3]."""
  return rng.normal(size=(2, 65, 65, 3)).astype(np.float32)


def tf1(inputs: Any, training: bool) -> Dict[str, Any]:
  """The TF1.x network, as published."""
  from testing.models import slim_nets

  logits, end_points = slim_nets.resnet_v2_50(inputs, training)
  return {"logits": logits, "predictions": end_points["predictions"]}


def tf2() -> Any:
  """The rewrite."""
  from testing.models import native_resnet_v2

  # What Keras has for a default; TF-Slim has 1e-5 here.
  return native_resnet_v2.ResNet(NUM_CLASSES, epsilon=1e-3)


def rename(name: str) -> str:
  """TF-Slim's name of a variable of the rewrite."""
  from testing.models import native_resnet_v2

  return native_resnet_v2.tf1_name(name)


CASE = parity.Case(
  inputs=inputs, tf1=tf1, tf2=tf2, rename=rename, steps=("random_inference",)
)
