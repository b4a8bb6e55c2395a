"""How should a check run? What the command line and the test class may ask."""

from __future__ import annotations

import dataclasses
from typing import Callable, Optional, Tuple


@dataclasses.dataclass(frozen=True)
class Options:
  """What a caller may ask of a check, beyond the case itself.

  Attributes:
    steps: names of the checks to run; empty for all that apply.
    strict: a `rounding` note fails the check.
    seed: replaces the case's seed.
    isolate: run each side in its own process.
    timeout: seconds that one request may take; None for no limit.
    numerics: `default`, or `strict` (oneDNN off, TF32 off, deterministic ops,
      one thread).
    tf1_python, tf2_python: interpreters of the sides; None for this one.
    tf1_cell, tf2_cell: names of their cells for reports.
  """

  steps: Tuple[str, ...] = ()
  strict: bool = False
  seed: Optional[int] = None
  isolate: bool = True
  timeout: Optional[float] = None
  numerics: str = "default"
  tf1_python: Optional[str] = None
  tf2_python: Optional[str] = None
  tf1_cell: str = "local"
  tf2_cell: str = "local"


@dataclasses.dataclass(frozen=True)
class Progress:
  """One step of the work, for whoever watches.

  Attributes:
    case: the case's name.
    side: `tf1`, `tf2`, or `driver` for judging and explaining.
    stage: what is being done, in a few words, such as `graph, training`.
    done: how many stages of this side of this case are done.
    total: how many there are, as far as is known now.
    checks: names of the checks that it is for.
  """

  case: str
  side: str
  stage: str
  done: int
  total: int
  checks: Tuple[str, ...] = ()


Watcher = Callable[[Progress], None]
