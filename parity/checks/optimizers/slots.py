"""Which slot of one optimizer is which of the other, and in what form?

Both sides' slots get common names by the optimizer's family. Where the two
rules keep the same thing in other forms, the port's is converted into tf1's:

*   Keras SGD's momentum is -rate times TF1's accumulator (TF1 adds gradients,
    `a = m a + g`; Keras adds moves, `v = m v - rate g`), as long as the rate is
    constant. Under a schedule the two are other rules, and are not compared.

What has no partner, such as TF1's powers of beta, is state of one rule only.

To add another family: name its slots in `_COMMON`.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Tuple

import numpy as np

from parity.records import recording as recording_lib

_FAMILIES: Dict[str, str] = {
  "gradientdescent": "sgd",
  "momentum": "sgd",
  "adamw": "adam",
  "lazyadam": "adam",
}

# Common name by family and own name; one that is not here keeps its name.
_COMMON: Dict[str, Dict[str, str]] = {
  "sgd": {"momentums": "momentum"},
  "adam": {"momentums": "m", "velocities": "v", "velocity_hats": "vhat"},
  "nadam": {"momentums": "m", "velocities": "v"},
  "adamax": {"u": "v"},
  "rmsprop": {
    "velocities": "rms",
    "momentums": "momentum",
    "average_gradients": "mg",
  },
  "adagrad": {"accumulators": "accumulator"},
  "adadelta": {
    "accum": "accum_grad",
    "accum_update": "accum_var",
    "accumulated_grads": "accum_grad",
    "accumulated_delta_vars": "accum_var",
  },
  "ftrl": {
    "accum": "accumulator",
    "accumulators": "accumulator",
    "linears": "linear",
  },
}


@dataclasses.dataclass(frozen=True, eq=False)
class PairedSlots:
  """The slots of both sides after one update, in tf1's form.

  Attributes:
    tf1: by `variable/slot`, common slot names.
    tf2: the same names, converted.
    notes: what could not be compared, one sentence each.
  """

  tf1: Dict[str, np.ndarray]
  tf2: Dict[str, np.ndarray]
  notes: Tuple[str, ...] = ()


def short_name(record: recording_lib.OptimizerRecord) -> str:
  """The class's name without its module, such as `AdamOptimizer`."""
  return record.class_name.rpartition(".")[2]


def own_name(record: recording_lib.OptimizerRecord) -> str:
  """What a message calls it: a rule of the user's own goes by its own name.

  >>> base = "tensorflow.python.training.optimizer.Optimizer"
  >>> own_name(recording_lib.OptimizerRecord(base, {"class": "BertAdam"}))
  'BertAdam'
  """
  name = short_name(record)
  return (
    str(record.settings.get("class", name)) if name == "Optimizer" else name
  )


def family_of(record: recording_lib.OptimizerRecord) -> str:
  """Which rule it is, whatever side and generation.

  >>> family_of(recording_lib.OptimizerRecord("keras.optimizers.SGD", {}))
  'sgd'
  """
  name = short_name(record).lower()
  if name.endswith("optimizer") and name != "optimizer":
    name = name[: -len("optimizer")]
  return _FAMILIES.get(name, name)


def common_name(record: recording_lib.OptimizerRecord, slot: str) -> str:
  """A slot's name that both sides share."""
  return _COMMON.get(family_of(record), {}).get(slot, slot)


def pair(
  tf1: recording_lib.Recording, tf2: recording_lib.Recording, step: int
) -> PairedSlots:
  """The slots that both sides have after an update.

  Args:
    tf1: has an optimizer and steps.
    tf2: the same of the port.
    step: place of the update, from 0.
  """
  assert tf1.optimizer is not None
  assert tf2.optimizer is not None
  left_family, right_family = family_of(tf1.optimizer), family_of(tf2.optimizer)
  if left_family != right_family:
    note = (
      f"The slots of {own_name(tf1.optimizer)} and"
      f" {own_name(tf2.optimizer)} are not of one rule, so they were not"
      " compared; the variables were."
    )
    return PairedSlots({}, {}, (note,))
  left = _named(tf1, step)
  right = _named(tf2, step)
  notes: List[str] = []
  if left_family == "sgd":
    factor = _momentum_factor(tf1.optimizer, tf2.optimizer)
    if factor is None:
      of_keras = "keras" in tf2.optimizer.class_name
      if of_keras and any(name.endswith("/momentum") for name in left):
        notes.append(
          "Keras SGD's momentum is -rate times TF1's accumulator at a constant"
          " rate only, so this slot was not compared; the variables were."
        )
      left, right = {}, {}
    else:
      right = {name: value * factor for name, value in right.items()}
  shared = [name for name in left if name in right]
  return PairedSlots(
    {name: left[name] for name in shared},
    {name: right[name] for name in shared},
    tuple(notes),
  )


def _named(
  recording: recording_lib.Recording, step: int
) -> Dict[str, np.ndarray]:
  """Slots by common name; what belongs to no variable is left out."""
  assert recording.optimizer is not None
  found = {}
  variables = set(recording.steps[step].variables)
  for name, value in recording.steps[step].slots.items():
    variable, _, slot = name.rpartition("/")
    if variable in variables:
      common = common_name(recording.optimizer, slot)
      found[f"{variable}/{common}"] = value
  return found


def _momentum_factor(
  tf1: recording_lib.OptimizerRecord, tf2: recording_lib.OptimizerRecord
) -> Optional[np.float32]:
  """What makes TF1's accumulator of Keras SGD's momentum; None for nothing."""
  rate = tf2.settings.get("learning_rate")
  if not tf2.settings.get("momentum") or not tf1.settings.get("momentum"):
    return None
  if not isinstance(rate, (int, float)) or not rate:
    return None
  if "keras" not in tf2.class_name:
    return np.float32(1.0)
  return np.float32(-1.0 / rate)
