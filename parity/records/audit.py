"""What would a case notice? Mutations of its port, and who saw them."""

from __future__ import annotations

import dataclasses
from typing import Dict, Optional, Tuple

# How many mutations are tried where nobody says.
BUDGET = 200

# Each kind of mutation, with what is done.
KINDS: Dict[str, str] = {
  "swapped_operands": "operands in another order",
  "transposed_kernel": "a square kernel, transposed",
  "other_activation": "another activation",
  "dropped_bias": "a bias left out",
  "dropped_factor": "a constant factor left out",
  "other_constant": "another epsilon, rate or bound",
  "other_attribute": "another slope, window, dilation",
  "other_axis": "another axis of equal length",
  "shifted_bound": "< for <=, > for >=",
  "shifted_draw": "draws of the next element",
  "skipped_update": "an update that is not run",
}


@dataclasses.dataclass(frozen=True)
class Effect:
  """What a mutation did to one check.

  Attributes:
    check: its name.
    times_tolerance: the largest difference in units of what is allowed; a
      check notices what is above 1. Infinite where NaN or an infinity appears.
    name: the output or variable with that difference; None where none differs.
  """

  check: str
  times_tolerance: float
  name: Optional[str] = None

  @property
  def is_noticed(self) -> bool:
    """Whether the check fails."""
    return self.times_tolerance > 1


@dataclasses.dataclass(frozen=True)
class Outcome:
  """One mutation of the port, and who noticed it.

  Attributes:
    kind: a word of `KINDS`.
    what: what was changed, in a few words.
    op_type: of the op.
    op: its name.
    source: the user's line.
    effects: one for each check whose run holds the op.
    advice: for one that nobody noticed, why, and what would.
  """

  kind: str
  what: str
  op_type: str
  op: str
  source: Optional[str]
  effects: Tuple[Effect, ...]
  advice: Optional[str] = None

  @property
  def is_noticed(self) -> bool:
    """Whether at least one check fails."""
    return any(effect.is_noticed for effect in self.effects)


@dataclasses.dataclass(frozen=True)
class Audit:
  """What an audit came to.

  Attributes:
    case: the case's name.
    path: the case file.
    checks: the checks that were asked.
    outcomes: one a mutation, in execution order.
    possible: how many mutations there are, tried or not.
    seconds: wall time.
    notes: what the reader must know, one sentence each.
  """

  case: str
  path: Optional[str]
  checks: Tuple[str, ...]
  outcomes: Tuple[Outcome, ...]
  possible: int
  seconds: float = 0.0
  notes: Tuple[str, ...] = ()

  @property
  def noticed(self) -> int:
    """How many mutations at least one check notices."""
    return sum(outcome.is_noticed for outcome in self.outcomes)

  @property
  def missed(self) -> Tuple[Outcome, ...]:
    """The mutations that every check misses."""
    return tuple(o for o in self.outcomes if not o.is_noticed)
