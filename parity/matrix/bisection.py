"""Which version is the first bad one? A search that judges as few as it can.

Versions are taken for good up to some one, and for bad from there on; where
that is not so, one place of change is found, not all. A version that cannot be
judged is told, and its neighbours are asked.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from parity import errors

# `pass`, `fail`, or `error` for one that cannot be judged.
Judge = Callable[[str], str]


@dataclasses.dataclass(frozen=True)
class Trial:
  """A version, and what it came to."""

  version: str
  verdict: str


@dataclasses.dataclass(frozen=True)
class Bisection:
  """Where the change is.

  Attributes:
    last_good: the last version that passes.
    first_bad: the first that fails.
    unjudged: versions between the two that could not be judged; the change may
      have come with one of them.
    trials: what was judged, in order.
  """

  last_good: str
  first_bad: str
  unjudged: Tuple[str, ...]
  trials: Tuple[Trial, ...]


def search(versions: Sequence[str], judge: Judge) -> Bisection:
  """Finds the first bad version.

  Args:
    versions: the first is taken to be good, the last to be bad; both are
      judged.
    judge: says what a version comes to.

  Raises:
    UsageError: the ends are not what they were taken for.

  >>> found = search("abcdef", lambda v: "pass" if v < "d" else "fail")
  >>> found.last_good, found.first_bad
  ('c', 'd')
  """
  if len(versions) < 2:
    raise errors.UsageError(
      "A bisection needs two different versions, a good and a bad one."
    )
  verdicts: Dict[str, str] = {}

  def judged(version: str) -> str:
    if version not in verdicts:
      verdicts[version] = judge(version)
    return verdicts[version]

  for version, wanted in ((versions[0], "pass"), (versions[-1], "fail")):
    found = judged(version)
    if found != wanted:
      role = "good" if wanted == "pass" else "bad"
      raise errors.UsageError(
        f"{version} was named as the {role} version, but its verdict is"
        f" {found}; so there is nothing to search."
      )
  low, high = 0, len(versions) - 1
  while True:
    place = _next(versions, low, high, verdicts)
    if place is None:
      break
    found = judged(versions[place])
    if found == "pass":
      low = place
    elif found == "fail":
      high = place
  return Bisection(
    last_good=versions[low],
    first_bad=versions[high],
    unjudged=tuple(versions[low + 1 : high]),
    trials=tuple(Trial(*item) for item in verdicts.items()),
  )


def _next(
  versions: Sequence[str], low: int, high: int, verdicts: Dict[str, str]
) -> Optional[int]:
  """The place nearest the middle that was not judged yet; None without one."""
  middle = (low + high) / 2
  left: List[int] = [
    place for place in range(low + 1, high) if versions[place] not in verdicts
  ]
  return min(left, key=lambda place: abs(place - middle)) if left else None
