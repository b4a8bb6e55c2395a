"""What stands in one square of the grid: one check in one cell?

Every form of the matrix takes its words from here.
"""

from __future__ import annotations

import math
from typing import List, Optional, Sequence, Tuple

from parity.records import matrix as matrix_lib
from parity.records import report as report_lib
from parity.records import vocabulary
from parity.report import figures

LEGEND = (
  "x: worst difference as a multiple of what the tolerance allows, u: worst"
  " distance in units in the last place (near zero a harmless difference is"
  " many u), of each check's tensors"
)


def check_names(entries: Sequence[matrix_lib.Entry]) -> Tuple[str, ...]:
  """The checks that any of the entries knows, in the contract's order."""
  known = {check.name for entry in entries for check in entry.report.checks}
  return tuple(name for name in vocabulary.CHECKS if name in known)


def check_of(
  entry: matrix_lib.Entry, name: str
) -> Optional[report_lib.CheckResult]:
  """A check of an entry, None where it has none of that name."""
  found = [check for check in entry.report.checks if check.name == name]
  return found[0] if found else None


def word(status: str) -> str:
  """A status as the grid shows it: what fails is loud."""
  return status.upper() if status in ("fail", "error") else status


def square(entry: matrix_lib.Entry, name: str) -> str:
  """Status and worst figures of a check in a cell.

  >>> from testing import fakes
  >>> entry = matrix_lib.Entry(
  ...   "a.py", "tf2.8", "tf2", True, fakes.make_report()
  ... )
  >>> square(entry, "no_such_check")
  '-'
  """
  check = check_of(entry, name)
  if check is None:
    return word("error") if entry.report.verdict == "error" else "-"
  return " ".join([word(check.status), *worst(check)])


def worst(check: report_lib.CheckResult) -> List[str]:
  """The worst distance in ulp and the worst multiple of the tolerance."""
  pairs = check.comparisons
  if not pairs or check.status in ("skip", "error"):
    return []
  if all(pair.status == "equal" for pair in pairs):
    return ["equal"]
  bad = figures.worst(pairs)
  assert bad is not None
  if bad.status not in ("equal", "within", "beyond"):
    return [figures.status(bad)]
  ulps = [pair.max_ulp for pair in pairs if pair.max_ulp is not None]
  times = [
    pair.times_tolerance for pair in pairs if pair.times_tolerance is not None
  ]
  told: List[str] = []
  if ulps:
    most = max(ulps)
    is_short = math.isfinite(most) and most < 1e4
    told.append(f"{int(most)}u" if is_short else f"{most:.0e}u")
  if times:
    told.append(f"{figures.number(max(times), digits=2)}x")
  return told


def tensorflow(entries: Sequence[matrix_lib.Entry]) -> Optional[str]:
  """The version that ran in the entries of a cell."""
  return next((e.tensorflow for e in entries if e.tensorflow), None)


def reason(entry: matrix_lib.Entry, name: str) -> Optional[str]:
  """Why a check in a cell did not pass, in a sentence; None where it did."""
  check = check_of(entry, name)
  if check is None:
    return entry.report.error
  if check.status in ("skip", "error"):
    return check.reason
  told = [f"{f.cause}: {f.message}" for f in check.findings if not f.is_note]
  return "\n".join(told) or check.summary if check.status == "fail" else None
