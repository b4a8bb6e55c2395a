"""In which settings do two optimizers differ, and what could be put in?

1. Settings go by common names. One that a side lacks counts as neutral, where
   there is a value at which it does nothing (no clipping, momentum 0); where
   there is none, it is not known, and tells nothing.
2. Numbers are equal when they are the same float32: that's what the rule sees.
3. `variants` lists what a probe puts into the port's optimizer, one suspicion
   at a time, then all together. Which of them gives tf1's updates is found by
   running it, never by reading.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Tuple

import numpy as np

from parity.checks.optimizers import slots
from parity.records import recording as recording_lib

# What each setting does nothing at.
_NEUTRAL: Dict[str, object] = {
  "amsgrad": False,
  "beta": 0.0,
  "centered": False,
  "clipnorm": None,
  "clipvalue": None,
  "decay": 0.0,
  "epsilon": 0.0,
  "global_clipnorm": None,
  "gradient_accumulation_steps": None,
  "iterations": 0,
  "l1_regularization_strength": 0.0,
  "l2_regularization_strength": 0.0,
  "l2_shrinkage_regularization_strength": 0.0,
  "learning_rate_power": -0.5,
  "loss_scale_factor": None,
  "momentum": 0.0,
  "nesterov": False,
  "use_ema": False,
  "weight_decay": None,
}
TOLD = ("class", "overrides", "schedule", "initial ", "constraint ")
_CLIPS = ("clipnorm", "global_clipnorm", "clipvalue")
_MOST_VARIANTS = 12


@dataclasses.dataclass(frozen=True)
class SettingPair:
  """One setting of both sides.

  Attributes:
    name: its common name.
    tf1: tf1's value; None where it has none.
    tf2: the port's.
    differs: whether they are unlike.
    is_told_only: whether it describes more than it sets.
    is_of_port: whether the port's optimizer has it, so that it can be put in.
  """

  name: str
  tf1: object
  tf2: object
  differs: bool
  is_told_only: bool = False
  is_of_port: bool = True


@dataclasses.dataclass(frozen=True, eq=False)
class Variant:
  """Settings to put into the port's optimizer.

  Attributes:
    settings: new values by common name.
    message: how the sides differ, if this makes them agree.
  """

  settings: Mapping[str, Any]
  message: str


def is_same(left: object, right: object) -> bool:
  """Whether a rule sees the same value.

  >>> is_same(0.001, 0.0010000000474974513), is_same(1e-8, 1e-7)
  (True, False)
  """
  if isinstance(left, (tuple, list)) or isinstance(right, (tuple, list)):
    return _is_same_series(left, right)
  numbers = (int, float)
  if isinstance(left, numbers) and isinstance(right, numbers):
    return bool(np.float32(left) == np.float32(right)) or bool(
      abs(left - right) <= 1e-6 * abs(left)
    )
  return left == right


def _is_same_series(left: object, right: object) -> bool:
  a = list(left) if isinstance(left, (tuple, list)) else None
  b = list(right) if isinstance(right, (tuple, list)) else None
  if a is None:
    a = [left] * len(b or [])
  if b is None:
    b = [right] * len(a)
  return len(a) == len(b) and all(is_same(x, y) for x, y in zip(a, b))


def pair(
  tf1: recording_lib.OptimizerRecord, tf2: recording_lib.OptimizerRecord
) -> Tuple[SettingPair, ...]:
  """Every setting of either side, those that both have first."""
  left, right = _common(tf1), _common(tf2)
  is_known = all(slots.short_name(each) != "Optimizer" for each in (tf1, tf2))
  neutral = _NEUTRAL if is_known else {}
  names = [name for name in left if name in right]
  names += [name for name in (*left, *right) if name not in names]
  return tuple(
    _pair(name, left, right, neutral) for name in dict.fromkeys(names)
  )


def _common(record: recording_lib.OptimizerRecord) -> Dict[str, object]:
  """Settings by common name; where a slot starts goes by the slot's name."""
  found: Dict[str, object] = {}
  for name, value in record.settings.items():
    if name.startswith("initial "):
      slot = slots.common_name(record, name[len("initial ") :])
      found[f"initial {slot}"] = value
    else:
      found[name] = value
  return found


def _pair(
  name: str,
  left: Mapping[str, object],
  right: Mapping[str, object],
  neutral: Mapping[str, object],
) -> SettingPair:
  told = name.startswith(TOLD)
  a = left.get(name, neutral.get(name))
  b = right.get(name, neutral.get(name))
  if told:
    both = name in left and name in right
    return SettingPair(
      name,
      left.get(name),
      right.get(name),
      both and not is_same(a, b),
      is_told_only=True,
    )
  if name == "weight_decay" and not a and not b:
    a = b = None  # 0 does what None does.
  told_by_both = name in left and name in right
  if not told_by_both and name not in neutral:
    # A rule of the user's own need not tell what it is set to.
    return SettingPair(name, a, b, False)
  return SettingPair(name, a, b, not is_same(a, b), is_of_port=name in right)


def differing(pairs: Tuple[SettingPair, ...]) -> List[SettingPair]:
  """Those that differ and set something."""
  return [each for each in pairs if each.differs and not each.is_told_only]


def shown(value: object) -> str:
  """A setting in a message.

  >>> shown(0.0010000000474974513), shown((0.5, 0.25)), shown(None)
  ('0.001', '0.5, 0.25', 'none')
  """
  if value is None:
    return "none"
  if isinstance(value, (bool, str)):
    return str(value)
  if isinstance(value, (tuple, list)):
    return ", ".join(shown(each) for each in value)
  if isinstance(value, (int, float)):
    return f"{value:.6g}"
  return str(value)


def sentence(each: SettingPair) -> str:
  """How one setting differs."""
  text = (
    f"{each.name} is {shown(each.tf1)} on tf1 and {shown(each.tf2)} in the port"
  )
  if each.name == "learning_rate":
    text += _shift(each.tf1, each.tf2)
  return text


def _shift(left: object, right: object) -> str:
  """Whether one side's schedule runs ahead of the other's by a step."""
  if not isinstance(left, (tuple, list)) or not isinstance(
    right, (tuple, list)
  ):
    return ""
  if len(left) < 3 or len(left) != len(right):
    return ""
  if _is_same_series(left[1:], right[:-1]):
    return " (the port is one step ahead)"
  if _is_same_series(left[:-1], right[1:]):
    return " (the port is one step behind)"
  return ""


def table(pairs: Tuple[SettingPair, ...]) -> Tuple[str, ...]:
  """Both sides' settings, a line each; what differs is marked with `*`."""
  rows = [("", "setting", "tf1", "tf2")]
  for each in pairs:
    if each.tf1 is None and each.tf2 is None:
      continue
    mark = "*" if each.differs else ""
    rows.append((mark, each.name, shown(each.tf1), shown(each.tf2)))
  widths = [max(len(row[i]) for row in rows) for i in range(4)]
  return tuple(
    " ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip()
    for row in rows
  )


def variants(pairs: Tuple[SettingPair, ...]) -> Tuple[Variant, ...]:
  """What a probe may put into the port's optimizer, the likeliest first."""
  own = {each.name: each for each in pairs if not each.is_told_only}
  schedule = [
    f"{each.name} is {shown(each.tf1)} on tf1 and {shown(each.tf2)} in the port"
    for each in pairs
    if each.differs and each.name.startswith("schedule")
  ]
  found = []
  unlike = [each for each in differing(pairs) if each.is_of_port]
  for each in unlike:
    told = [sentence(each)]
    if each.name == "learning_rate":
      told += schedule
    found.append(Variant({each.name: _put(each)}, ", ".join(told)))
  for name in _CLIPS:
    value = own[name].tf2 if name in own else None
    if value is None:
      continue
    found.extend(
      Variant(
        {name: None, other: value},
        f"the port has {name}={shown(value)}, and tf1 clips as"
        f" {other}={shown(value)} does",
      )
      for other in _CLIPS
      if other != name
    )
  if len(unlike) > 1:
    found.append(
      Variant(
        {each.name: _put(each) for each in unlike},
        "; ".join(sentence(each) for each in unlike),
      )
    )
  return tuple(found[:_MOST_VARIANTS])


def _put(each: SettingPair) -> Any:
  if isinstance(each.tf1, tuple):
    return list(each.tf1)
  if each.name == "weight_decay" and each.tf1 is None:
    return 0.0  # AdamW takes no None.
  return each.tf1
