"""What does the driver need to know of a case without importing it?

A case file runs the user's code, perhaps TensorFlow, when it is imported. Only
a side's process imports it; the driver gets these facts.
"""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

from parity.records import tolerance as tolerance_lib


@dataclasses.dataclass(frozen=True)
class CaseFacts:
  """A case as plain data.

  Attributes:
    name: for reports.
    path: the case file, None for a case made in this process.
    seed: of the inputs and the aligned randomness.
    tolerances: the limits.
    has_tf1, has_tf2: whether that side is there.
    has_loss, has_optimizers, has_checkpoint: what asks for further checks.
    functional: whether to embed the port in a functional model; None for
      where the port is a Keras layer.
    is_keras_layer: whether the port is one; None where that is not known.
    train_steps: how many updates the optimizer check compares.
    steps: names of the checks to run; empty for all that apply.
    tags: words for reports and filters.
  """

  name: str
  path: Optional[str] = None
  seed: int = 42
  tolerances: tolerance_lib.TolerancePolicy = tolerance_lib.TolerancePolicy()
  has_tf1: bool = True
  has_tf2: bool = True
  has_loss: bool = False
  has_optimizers: bool = False
  has_checkpoint: bool = False
  functional: Optional[bool] = None
  is_keras_layer: Optional[bool] = None
  train_steps: int = 3
  steps: Tuple[str, ...] = ()
  tags: Tuple[str, ...] = ()
