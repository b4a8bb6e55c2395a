"""By which known form did an optimizer move a variable? Tried in float64.

For rules that divide by the root of a mean of squares, epsilon stands inside or
outside the root, and before or after the bias is corrected. Each known form is
computed from the side's own slots, gradient and settings; the one that gives
the side's own move, and no other, is its form.

To add another rule: a function that yields its forms, in `_FORMS`.
"""

from __future__ import annotations

from typing import Callable, Dict, Iterator, Mapping, Optional, Tuple

import numpy as np

from parity.checks.optimizers import slots
from parity.records import recording as recording_lib

# How well a form must give the move, and how much worse the next one must.
_ACCURACY = 1e-4
_WORSE = 4.0

_Form = Tuple[str, np.ndarray]


def form_of(
  recording: recording_lib.Recording,
  variable: str,
  step: int,
  move: np.ndarray,
) -> Optional[str]:
  """The form that gives a move; None where none does, or several do.

  Args:
    recording: of the side.
    variable: its tf1-side name.
    step: the update, from 1.
    move: value before minus value after.
  """
  assert recording.optimizer is not None
  forms = _FORMS.get(slots.family_of(recording.optimizer))
  if forms is None:
    return None
  own: Dict[str, np.ndarray] = {}
  for name, value in recording.steps[step - 1].slots.items():
    owner, _, slot = name.rpartition("/")
    if owner == variable:
      common = slots.common_name(recording.optimizer, slot)
      own[common] = np.asarray(value, np.float64)
  gradient = recording.steps[step - 1].gradients.get(variable)
  if gradient is not None:
    own["gradient"] = np.asarray(gradient, np.float64)
  values = _numbers(recording.optimizer, step)
  scale = float(np.linalg.norm(move))
  if not scale or not np.isfinite(scale):
    return None
  errors = []
  for text, candidate in forms(own, values, step):
    error = float(np.linalg.norm(candidate - move)) / scale
    errors.append((error, text))
  errors.sort()
  if not errors or not errors[0][0] < _ACCURACY:
    return None
  if len(errors) > 1 and errors[1][0] < _WORSE * max(errors[0][0], 1e-7):
    return None
  return errors[0][1]


def _numbers(
  record: recording_lib.OptimizerRecord, step: int
) -> Dict[str, float]:
  found = {}
  for name, setting in record.settings.items():
    value = setting
    if isinstance(setting, (tuple, list)):
      value = setting[min(step, len(setting)) - 1]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
      found[name] = float(value)
  return found


def _rms_forms(
  own: Mapping[str, np.ndarray], values: Mapping[str, float], step: int
) -> Iterator[_Form]:
  del step
  if values.get("momentum") or "rms" not in own or "gradient" not in own:
    return
  rate, epsilon = values.get("learning_rate", 0.0), values.get("epsilon", 0.0)
  top = rate * own["gradient"]
  with np.errstate(all="ignore"):
    yield (
      "rate * gradient / sqrt(rms + epsilon)",
      top / np.sqrt(own["rms"] + epsilon),
    )
    yield (
      "rate * gradient / (sqrt(rms) + epsilon)",
      top / (np.sqrt(own["rms"]) + epsilon),
    )


def _adam_forms(
  own: Mapping[str, np.ndarray], values: Mapping[str, float], step: int
) -> Iterator[_Form]:
  if "m" not in own or "v" not in own:
    return
  rate, epsilon = values.get("learning_rate", 0.0), values.get("epsilon", 0.0)
  first = 1.0 - values.get("beta_1", 0.9) ** step
  second = 1.0 - values.get("beta_2", 0.999) ** step
  m, v = own["m"], own["v"]
  with np.errstate(all="ignore"):
    yield (
      "rate * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon)",
      rate * second**0.5 / first * m / (np.sqrt(v) + epsilon),
    )
    yield (
      "rate * m^ / (sqrt(v^) + epsilon), m^ and v^ corrected for bias",
      rate * (m / first) / (np.sqrt(v / second) + epsilon),
    )
    yield (
      "rate * m^ / sqrt(v^ + epsilon), m^ and v^ corrected for bias",
      rate * (m / first) / np.sqrt(v / second + epsilon),
    )
    yield (
      "rate * m / (sqrt(v) + epsilon), no correction of the bias",
      rate * m / (np.sqrt(v) + epsilon),
    )


def _adagrad_forms(
  own: Mapping[str, np.ndarray], values: Mapping[str, float], step: int
) -> Iterator[_Form]:
  del step
  if "accumulator" not in own or "gradient" not in own:
    return
  rate, epsilon = values.get("learning_rate", 0.0), values.get("epsilon", 0.0)
  top = rate * own["gradient"]
  with np.errstate(all="ignore"):
    yield (
      "rate * gradient / sqrt(accumulator)",
      top / np.sqrt(own["accumulator"]),
    )
    if epsilon:
      yield (
        "rate * gradient / sqrt(accumulator + epsilon)",
        top / np.sqrt(own["accumulator"] + epsilon),
      )
      yield (
        "rate * gradient / (sqrt(accumulator) + epsilon)",
        top / (np.sqrt(own["accumulator"]) + epsilon),
      )


_FORMS: Dict[
  str,
  Callable[
    [Mapping[str, np.ndarray], Mapping[str, float], int], Iterator[_Form]
  ],
] = {
  "adagrad": _adagrad_forms,
  "adam": _adam_forms,
  "rmsprop": _rms_forms,
}
