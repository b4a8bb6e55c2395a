"""What does a benchmark case expect? Its `EXPECT`, read without running it."""

from __future__ import annotations

import ast
import dataclasses
import fnmatch
import os
import pathlib
from typing import Iterable, Optional, Tuple

_FOLDER = pathlib.Path(os.path.abspath(__file__)).parent
FOLDERS = ("public", "own")


@dataclasses.dataclass(frozen=True)
class Expectation:
  """What the contract says of a benchmark case.

  Attributes:
    path: the case file.
    verdict: `pass` or `fail`.
    check: the first check that must fail; None for a case that passes.
    also_fail: checks that then fail as a consequence.
    may_fail: checks that may fairly fail or pass.
    cause: of the finding; None for a case that passes.
    accept: other causes that are right.
    where: one of these must occur in the finding's place or message.
    others: causes of further root causes that must be found as well.
    twin_of: causes for which this case looks, and must not be told.
  """

  path: pathlib.Path
  verdict: str
  check: Optional[str] = None
  also_fail: Tuple[str, ...] = ()
  may_fail: Tuple[str, ...] = ()
  cause: Optional[str] = None
  accept: Tuple[str, ...] = ()
  where: Tuple[str, ...] = ()
  others: Tuple[str, ...] = ()
  twin_of: Tuple[str, ...] = ()

  @property
  def name(self) -> str:
    """The case's name: its file's stem."""
    return self.path.stem

  @property
  def is_bug(self) -> bool:
    """Whether there is something to find."""
    return self.verdict != "pass"


def read(path: pathlib.Path) -> Expectation:
  """Reads the `EXPECT` of a case file.

  Raises:
    ValueError: the file has none.
  """
  for statement in ast.parse(path.read_text(encoding="utf-8")).body:
    if not isinstance(statement, ast.Assign):
      continue
    names = [t.id for t in statement.targets if isinstance(t, ast.Name)]
    if "EXPECT" in names:
      told = ast.literal_eval(statement.value)
      return Expectation(
        path=path,
        verdict=told["verdict"],
        check=told["check"],
        also_fail=tuple(told.get("also_fail", ())),
        may_fail=tuple(told.get("may_fail", ())),
        cause=told["cause"],
        accept=tuple(told.get("accept", ())),
        where=tuple(told.get("where", ())),
        others=tuple(told.get("others", ())),
        twin_of=tuple(told.get("twin_of", ())),
      )
  raise ValueError(f"{path} has no EXPECT.")


def find(patterns: Iterable[str] = ()) -> Tuple[Expectation, ...]:
  """The benchmark's cases whose name matches a pattern; all without one.

  Raises:
    ValueError: a pattern matches no case.
  """
  found = [
    read(path)
    for folder in FOLDERS
    for path in sorted((_FOLDER / folder).glob("*.py"))
  ]
  wanted = tuple(patterns)
  if not wanted:
    return tuple(found)
  for pattern in wanted:
    if not any(_matches(case, pattern) for case in found):
      raise ValueError(f"No case of the benchmark matches `{pattern}`.")
  return tuple(case for case in found if any(_matches(case, p) for p in wanted))


def _matches(case: Expectation, pattern: str) -> bool:
  """Whether a pattern names the case: `NAME`, or `FOLDER/NAME`."""
  full = f"{case.path.parent.name}/{case.name}"
  return any(fnmatch.fnmatchcase(name, pattern) for name in (case.name, full))
