"""What did training a side for some steps give? Plain records, either side."""

from __future__ import annotations

import dataclasses
from typing import Dict, Tuple

import numpy as np

from parity.records import recording as recording_lib


@dataclasses.dataclass(frozen=True, eq=False)
class TrainingRun:
  """Some updates, before they become a Recording.

  Attributes:
    inputs: input by path.
    variables: in creation order, with their values before the first update.
    random_ops: of the first step.
    optimizer: as the side made it.
    steps: one record an update.
    notes: what the reader must know, one sentence each.
  """

  inputs: Dict[str, np.ndarray]
  variables: Tuple[recording_lib.VariableRecord, ...]
  random_ops: Tuple[recording_lib.RandomOpRecord, ...]
  optimizer: recording_lib.OptimizerRecord
  steps: Tuple[recording_lib.StepRecord, ...]
  notes: Tuple[str, ...] = ()
