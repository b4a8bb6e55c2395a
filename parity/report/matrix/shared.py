"""What do several cells say alike of one case? It is told once, for all.

Two cells say the same where all of this is equal: a finding's cause, place,
source lines, message and the checks that met it; or the text of an error and
the checks that it stopped. What is told is of the first cell that says it;
where the figures of another are not the same, `differing` has its column.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Sequence, Tuple

from parity.records import matrix as matrix_lib
from parity.report import distinct
from parity.report import finding as finding_lib


@dataclasses.dataclass(frozen=True)
class SharedFinding:
  """A finding, and the cells that have it with other figures.

  Attributes:
    item: as the first cell has it.
    differing: the columns of cells whose figures are others.
  """

  item: distinct.DistinctFinding
  differing: Tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Statement:
  """What these cells say, and no other cell does.

  Attributes:
    columns: of the cells.
    verdict: theirs.
    reasons: why something could not run, each with the checks in front.
    findings: what failed.
  """

  columns: Tuple[str, ...]
  verdict: str
  reasons: Tuple[str, ...] = ()
  findings: Tuple[SharedFinding, ...] = ()


@dataclasses.dataclass
class _Met:
  """A reason or a finding, with the entries that have it."""

  entries: List[matrix_lib.Entry]
  items: List[distinct.DistinctFinding]
  reason: str = ""


_Key = Tuple[object, ...]


def statements(
  entries: Sequence[matrix_lib.Entry],
) -> Tuple[Statement, ...]:
  """What the cells of one case that did not pass say, told once.

  Args:
    entries: of one case, cell by cell.

  Returns:
    In the order of the cells; every failing cell is in one of them at least.
  """
  met: Dict[_Key, _Met] = {}
  for entry in entries:
    if entry.report.verdict == "pass":
      continue
    reasons = _reasons(entry)
    found = distinct.distinct_findings(entry.report)
    verdict = entry.report.verdict
    for reason in reasons:
      _add(met, (verdict, reason), entry, reason=reason)
    for item in found:
      key = (verdict, item.key, item.finding.message, finding_lib.title(item))
      _add(met, key, entry, items=[item])
    if not reasons and not found:
      _add(met, (verdict,), entry)
  grouped: Dict[Tuple[str, ...], List[_Met]] = {}
  for each in met.values():
    names = (each.entries[0].report.verdict, *(e.column for e in each.entries))
    grouped.setdefault(names, []).append(each)
  return tuple(
    Statement(
      columns=names[1:],
      verdict=names[0],
      reasons=tuple(each.reason for each in told if each.reason),
      findings=tuple(_shared(each) for each in told if each.items),
    )
    for names, told in grouped.items()
  )


def _add(
  met: Dict[_Key, _Met],
  key: _Key,
  entry: matrix_lib.Entry,
  *,
  reason: str = "",
  items: Sequence[distinct.DistinctFinding] = (),
) -> None:
  each = met.setdefault(key, _Met([], [], reason))
  each.entries.append(entry)
  each.items.extend(items)


def _reasons(entry: matrix_lib.Entry) -> List[str]:
  """Why something could not run, each once."""
  reasons: Dict[str, List[str]] = {}
  if entry.report.error:
    reasons[entry.report.error] = []
  for check in entry.report.checks:
    if check.status == "error" and check.reason:
      reasons.setdefault(check.reason, []).append(check.name)
  return [
    f"{', '.join(checks)}: {why}" if checks else why
    for why, checks in reasons.items()
  ]


def _shared(each: _Met) -> SharedFinding:
  first = finding_lib.figure_rows(each.items[0])
  return SharedFinding(
    each.items[0],
    tuple(
      entry.column
      for entry, item in zip(each.entries, each.items)
      if finding_lib.figure_rows(item) != first
    ),
  )
