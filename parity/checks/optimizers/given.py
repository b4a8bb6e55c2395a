"""Which gradients was an update rule given? Read off its first update.

What a rule keeps or moves tells what it was given: plain and momentum descent
move by the rate times the gradient, Adam's first moment is a share of it,
Adagrad adds its square to the accumulator. Certain for these rules without a
decay; others tell nothing.
"""

from __future__ import annotations

from typing import Callable, Dict, Mapping, Optional

import numpy as np

from parity.checks.optimizers import slots
from parity.records import recording as recording_lib

Arrays = Mapping[str, np.ndarray]


def given_to(
  recording: recording_lib.Recording, starts: Arrays
) -> Optional[Dict[str, np.ndarray]]:
  """The gradients that a rule was given at its first update.

  Args:
    recording: has an optimizer and a step.
    starts: the variables before it.

  Returns:
    By variable; None for a rule whose update does not tell.
  """
  record = recording.optimizer
  if record is None or not recording.steps:
    return None
  find = _GIVEN.get(slots.family_of(record))
  if find is None:
    return None
  numbers = _numbers(record)
  found = {}
  for name, start in starts.items():
    after = recording.steps[0].variables.get(name)
    if after is None:
      continue
    own = {
      slots.common_name(record, key.rpartition("/")[2]): np.asarray(
        value, np.float64
      )
      for key, value in recording.steps[0].slots.items()
      if key.rpartition("/")[0] == name
    }
    move = np.asarray(start, np.float64) - np.asarray(after, np.float64)
    value = find(move, own, numbers)
    if value is None:
      return None
    found[name] = value
  return found or None


def _numbers(record: recording_lib.OptimizerRecord) -> Dict[str, float]:
  found = {}
  for name, value in record.settings.items():
    first = value[0] if isinstance(value, (tuple, list)) and value else value
    if isinstance(first, (int, float)):
      key = name
      if name.startswith("initial "):
        slot = name[len("initial ") :]
        key = f"initial {slots.common_name(record, slot)}"
      found[key] = float(first)
  return found


def _given_to_sgd(
  move: np.ndarray, own: Arrays, numbers: Mapping[str, float]
) -> Optional[np.ndarray]:
  del own
  rate = numbers.get("learning_rate", 0.0)
  if not rate or numbers.get("weight_decay"):
    return None
  ahead = numbers.get("momentum", 0.0) if numbers.get("nesterov") else 0.0
  return np.asarray(move / rate / (1.0 + ahead))


def _given_to_adam(
  move: np.ndarray, own: Arrays, numbers: Mapping[str, float]
) -> Optional[np.ndarray]:
  del move
  share = 1.0 - numbers.get("beta_1", 0.9)
  return own["m"] / share if "m" in own and share else None


def _given_to_adagrad(
  move: np.ndarray, own: Arrays, numbers: Mapping[str, float]
) -> Optional[np.ndarray]:
  start = numbers.get(
    "initial accumulator", numbers.get("initial_accumulator_value")
  )
  if start is None or "accumulator" not in own:
    return None
  squares = np.maximum(own["accumulator"] - np.float32(start), 0.0)
  return np.asarray(np.sign(move) * np.sqrt(squares))


_GIVEN: Dict[
  str,
  Callable[[np.ndarray, Arrays, Mapping[str, float]], Optional[np.ndarray]],
] = {
  "adagrad": _given_to_adagrad,
  "adam": _given_to_adam,
  "sgd": _given_to_sgd,
}
