"""How far may two numbers be apart? The user's limit, by name of tensor.

A pair passes where |a - b| <= atol + rtol * |b| with b the reference. NaN
equals NaN at the same place; infinities are equal when their signs are.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import numbers
import sys
from typing import Mapping, Tuple, Union


@dataclasses.dataclass(frozen=True)
class Tolerance:
  """A limit: relative to the reference, and absolute in the tensor's unit.

  >>> Tolerance(rtol=1e-6, atol=1e-5).allowed(2.0)
  1.2e-05
  """

  rtol: float = 1e-6
  atol: float = 1e-5

  def __post_init__(self) -> None:
    for name in ("rtol", "atol"):
      value = getattr(self, name)
      if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"Tolerance {name} must be a number, found {value!r}.")
      # What NumPy computed is a plain number everywhere from here on.
      if isinstance(value, numbers.Integral):
        value = int(value)
      else:
        value = float(value)
      if not 0 <= value <= sys.float_info.max:
        raise ValueError(
          f"Tolerance {name} must be finite and at least 0, found {value!r}."
        )
      object.__setattr__(self, name, value)

  def allowed(self, reference: float) -> float:
    """The largest absolute difference that passes at this reference value."""
    return self.atol + self.rtol * abs(reference)


@dataclasses.dataclass(frozen=True)
class ToleranceRule:
  """One entry of a tolerance dict: a shell-style name pattern and its limit."""

  pattern: str
  tolerance: Tolerance


@dataclasses.dataclass(frozen=True)
class TolerancePolicy:
  """Which limit holds for which tensor: the last rule that matches wins.

  >>> policy = TolerancePolicy.from_spec({"logits*": Tolerance(1e-3, 0)})
  >>> policy.for_name("logits").rtol
  0.001
  >>> policy.for_name("features") == Tolerance()
  True
  """

  rules: Tuple[ToleranceRule, ...] = ()
  default: Tolerance = Tolerance()

  @classmethod
  def from_spec(
    cls, spec: Union[Tolerance, Mapping[str, Tolerance]]
  ) -> TolerancePolicy:
    """Makes a policy of what a case's `tolerance` field may hold."""
    if isinstance(spec, Tolerance):
      return cls(default=spec)
    return cls(rules=tuple(ToleranceRule(p, t) for p, t in spec.items()))

  def for_name(self, name: str) -> Tolerance:
    """The limit for a tensor's name."""
    found = self.default
    for rule in self.rules:
      if fnmatch.fnmatchcase(name, rule.pattern):
        found = rule.tolerance
    return found
