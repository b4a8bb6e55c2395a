"""Which mutations change nothing that anybody could see, and why?

Each was looked at after it survived. It is known by module, function, and what
stands for what, so lines may move. A mutation stands here only if no input
shows it, or none that anybody could hold against us; what a test could show
needs that test.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, Tuple

from testing.mutants import mutations


@dataclasses.dataclass(frozen=True)
class Equivalent:
  """A mutation that is none, and the reason."""

  path: str
  function: str
  before: str
  after: str
  reason: str


_TRUTH = "Whoever calls it asks only whether it is true, and None is not."

EQUIVALENTS: Tuple[Equivalent, ...] = (
  Equivalent(
    "parity/checks/optimizers/probe.py",
    "_resolve",
    "True",
    "False",
    "The order of names in a JSON object that is read into a dict; each variant"
    " is asked for once, so no Recording is shared by its text.",
  ),
  Equivalent(
    "parity/compare/quick.py",
    "_Block.worst",
    "return before",
    "pass",
    "A way to save the exact search; whoever calls it keeps the worse of the"
    " two.",
  ),
  Equivalent(
    "parity/compare/ulp.py",
    "bit_distance",
    "np.bitwise_xor(reference, other).min() < 0",
    "(np.bitwise_xor(reference, other).min() <= 0)",
    "Which of two ways is taken; both give the distance where signs agree.",
  ),
  Equivalent(
    "parity/compare/quick.py",
    "_Block.worst",
    "8",
    "9",
    "A wider margin of doubt only sends more elements to the exact count, which"
    " decides.",
  ),
  Equivalent(
    "parity/explain/causes/constants.py",
    "is_unread",
    "return False",
    "return None",
    _TRUTH,
  ),
  Equivalent(
    "parity/explain/causes/constants.py",
    "_is_same_axis",
    "return False",
    "return None",
    _TRUTH,
  ),
  Equivalent(
    "parity/explain/floors.py",
    "rounding",
    "noise.largest_gap(left[name], right[name])",
    "(noise.largest_gap(right[name], left[name]))",
    "The gap between two arrays is the same from either side.",
  ),
  Equivalent(
    "parity/explain/frontier.py",
    "_execution_order",
    "1",
    "2",
    "Any number behind that of every op does: 1 << 60 as well as 2 << 60.",
  ),
  Equivalent(
    "parity/explain/partners.py",
    "is_in_place",
    "1",
    "2",
    "NumPy takes any negative size, -2 as well as -1, as the one to be found.",
  ),
)

_REASONS: Dict[Tuple[str, str, str, str], str] = {
  (e.path, e.function, e.before, e.after): e.reason for e in EQUIVALENTS
}


def reason_for(mutation: mutations.Mutation) -> str:
  """Why a mutation is equivalent, "" if it is not known to be."""
  return _REASONS.get(mutation.key, "")
