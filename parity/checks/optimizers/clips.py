"""Which way of clipping leads from one set of gradients to another?

Tried are those that TensorFlow and Keras have: each element at a limit, each
gradient at a norm or an average norm of its own, all of them together at their
global norm. The first that gives every gradient is told, with its limit.

Certain as far as the numbers go. A limit that nothing reaches is not seen; and
a factor that all gradients share may also come of another loss.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, List, Mapping, Optional

import numpy as np

# How well a way of clipping must give what the rule was given.
_ACCURACY = 1e-2
# How near a limit must be to a number of two digits to be that number.
_ROUND = 2e-4
# What counts as clipped.
_SHRUNK = 1.0 - 2e-2

SETTINGS = ("clipvalue", "clipnorm", "global_clipnorm")
"""The kinds that a Keras optimizer has a setting for."""

_TEXTS = {
  "clipvalue": "clips each element at {0:.4g} (clip_by_value)",
  "clipnorm": "clips each gradient by its own norm at {0:.4g} (clip_by_norm)",
  "average": (
    "clips each gradient by its average norm at {0:.4g} (clip_by_average_norm)"
  ),
  "global_clipnorm": (
    "clips all gradients together by their global norm at {0:.4g}"
    " (clip_by_global_norm)"
  ),
}

Arrays = Mapping[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class Clip:
  """A way of clipping.

  Attributes:
    kind: `clipvalue`, `clipnorm`, `global_clipnorm`, as Keras calls them,
      `average`, or `none`.
    limit: at which.
  """

  kind: str = "none"
  limit: float = 0.0

  @property
  def text(self) -> str:
    """What a side does, in a message."""
    if self.kind == "none":
      return "takes them as they are"
    if self.kind == "global_clipnorm" and not self.is_round:
      return (
        "scales all gradients alike, to a global norm of"
        f" {self.limit:.4g} at the first update"
      )
    return _TEXTS[self.kind].format(self.limit)

  @property
  def is_round(self) -> bool:
    """Whether somebody may have written the limit so."""
    return float(f"{self.limit:.2g}") == self.limit

  def is_like(self, other: Clip) -> bool:
    """Whether both do the same."""
    near = abs(self.limit - other.limit) <= _ACCURACY * abs(self.limit)
    return self.kind == other.kind and near


def clip_between(raw: Arrays, used: Arrays) -> Optional[Clip]:
  """How gradients were clipped; None where clipping does not explain them.

  >>> raw = {"w": np.array([3.0, 4.0]), "b": np.array([0.0, 0.1])}
  >>> clip_between(raw, {"w": raw["w"] / 5, "b": raw["b"]})
  Clip(kind='clipnorm', limit=1.0)

  Args:
    raw: by variable.
    used: what the rule was given, of the same variables.
  """
  left = {name: np.asarray(raw[name], np.float64) for name in used}
  right = {name: np.asarray(used[name], np.float64) for name in used}
  if not left or any(not np.isfinite(each).all() for each in left.values()):
    return None
  if all(_is_near(left[name], right[name], left[name]) for name in left):
    return Clip()
  for find in (_by_value, _by_global_norm, _by_norm, _by_average_norm):
    found = find(left, right)
    if found is not None:
      return found
  return None


def _is_near(wanted: np.ndarray, value: np.ndarray, scale: np.ndarray) -> bool:
  gap = float(np.linalg.norm(wanted - value))
  return gap <= _ACCURACY * float(np.linalg.norm(scale))


def _by_value(raw: Arrays, used: Arrays) -> Optional[Clip]:
  limit = max(float(np.max(np.abs(each))) for each in used.values())
  is_reached = any(
    bool(np.any(np.abs(each) * _SHRUNK > limit)) for each in raw.values()
  )
  fits = is_reached and all(
    _is_near(np.clip(raw[name], -limit, limit), used[name], used[name])
    for name in raw
  )
  return Clip("clipvalue", _short(limit)) if fits else None


def _by_global_norm(raw: Arrays, used: Arrays) -> Optional[Clip]:
  if len(raw) < 2:
    return None  # Its own norm is the global one.
  factors = [_factor(raw[name], used[name]) for name in raw]
  known = [each for each in factors if each is not None]
  if not known or any(
    factor is None and np.any(raw[name]) for name, factor in zip(raw, factors)
  ):
    return None
  middle = sorted(known)[len(known) // 2]
  if middle > _SHRUNK or any(
    abs(each - middle) > _ACCURACY * middle for each in known
  ):
    return None
  norm = sum(float(np.sum(np.square(each))) for each in used.values()) ** 0.5
  return Clip("global_clipnorm", _short(norm))


def _by_norm(raw: Arrays, used: Arrays) -> Optional[Clip]:
  return _by_own(raw, used, "clipnorm", lambda _: 1.0)


def _by_average_norm(raw: Arrays, used: Arrays) -> Optional[Clip]:
  return _by_own(raw, used, "average", lambda each: float(each.size))


def _by_own(
  raw: Arrays, used: Arrays, kind: str, share: Callable[[np.ndarray], float]
) -> Optional[Clip]:
  """Whether each gradient was scaled down to a norm that all share."""
  limits: List[float] = []
  untouched: List[float] = []
  for name, value in raw.items():
    if not np.any(value):
      continue
    factor = _factor(value, used[name])
    if factor is None:
      return None
    norm = float(np.linalg.norm(used[name])) / share(value)
    (limits if factor < _SHRUNK else untouched).append(norm)
    if factor > 1.0 + _ACCURACY:
      return None
  if not limits:
    return None
  limit = sorted(limits)[len(limits) // 2]
  above = [n for n in untouched if n > limit * (1.0 + 2 * _ACCURACY)]
  if above or any(abs(n - limit) > _ACCURACY * limit for n in limits):
    return None
  return Clip(kind, _short(limit))


def _factor(raw: np.ndarray, used: np.ndarray) -> Optional[float]:
  """By what a gradient was scaled; None where it was not only scaled."""
  power = float(np.sum(np.square(raw)))
  if not power:
    return None
  factor = float(np.sum(raw * used)) / power
  return factor if _is_near(factor * raw, used, used) else None


def _short(limit: float) -> float:
  """The limit as somebody would have written it, where that is near."""
  short = float(f"{limit:.2g}")
  return short if abs(short - limit) <= _ROUND * limit else limit
