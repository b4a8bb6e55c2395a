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


EQUIVALENTS: Tuple[Equivalent, ...] = ()

_REASONS: Dict[Tuple[str, str, str, str], str] = {
  (e.path, e.function, e.before, e.after): e.reason for e in EQUIVALENTS
}


def reason_for(mutation: mutations.Mutation) -> str:
  """Why a mutation is equivalent, "" if it is not known to be."""
  return _REASONS.get(mutation.key, "")
