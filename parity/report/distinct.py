"""Which findings of a report are the same one, met by several checks?

One wrong line makes several checks fail. Two findings are taken for one when
their cause, variable and output are the same and, on each side, the source
line (where none is known: the op) is the same. So are two that say the same of
the same two ops, whatever output or gradient they were met in. Findings that
name no place at all are the same when their messages are. The first one met is
the one to show; the names of the others' checks go with it. Nothing is dropped:
`also` holds every repetition, with its own figures.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Tuple

from parity.records import report as report_lib

Key = Tuple[Optional[str], ...]


@dataclasses.dataclass(frozen=True)
class Occurrence:
  """A finding and the check that met it."""

  check: str
  finding: report_lib.Finding


@dataclasses.dataclass(frozen=True)
class DistinctFinding:
  """A finding, told once.

  Attributes:
    check: the first check that met it.
    finding: as that check told it.
    comparison: the pair at the finding's place, where the check compared one.
    also: the later occurrences.
  """

  check: str
  finding: report_lib.Finding
  comparison: Optional[report_lib.Comparison] = None
  also: Tuple[Occurrence, ...] = ()

  @property
  def key(self) -> Key:
    """What is equal in all occurrences."""
    return _key(self.finding)


def distinct_findings(
  report: report_lib.Report,
) -> Tuple[DistinctFinding, ...]:
  """The report's findings in the checks' order; what fails before notes."""
  met: Dict[Key, List[Occurrence]] = {}
  of_ops: Dict[Key, Key] = {}
  pairs: Dict[Key, Optional[report_lib.Comparison]] = {}
  for check in report.checks:
    for finding in check.findings:
      key = _key(finding)
      ops = _key_of_ops(finding)
      if ops is not None and key not in met:
        key = of_ops.setdefault(ops, key)
      if key not in met:
        pairs[key] = pair_of(finding, check)
      met.setdefault(key, []).append(Occurrence(check.name, finding))
  found = [
    DistinctFinding(
      check=occurrences[0].check,
      finding=occurrences[0].finding,
      comparison=pairs[key],
      also=tuple(occurrences[1:]),
    )
    for key, occurrences in met.items()
  ]
  return tuple(sorted(found, key=lambda item: item.finding.is_note))


def notes_of(report: report_lib.Report) -> Dict[str, List[str]]:
  """Each note once, with the names of the checks that made it."""
  made_by: Dict[str, List[str]] = {note: [] for note in report.notes}
  for check in report.checks:
    for note in check.notes:
      made_by.setdefault(note, []).append(check.name)
  return made_by


def pair_of(
  finding: report_lib.Finding, check: report_lib.CheckResult
) -> Optional[report_lib.Comparison]:
  """The pair that a finding is about: by exact name, one that differs first."""
  output, variable = finding.where.output, finding.where.variable
  names: Dict[str, Key] = {
    "output": (output,),
    "loss": (output, variable),
    "initial": (variable,),
    "final": (variable,),
    "gradient": (variable,),
    "slot": (variable, output),
  }
  found: Optional[report_lib.Comparison] = None
  for comparison in check.comparisons:
    if comparison.name not in names.get(comparison.kind, ()):
      continue
    if not comparison.is_match:
      return comparison
    found = found or comparison
  return found


def _key(finding: report_lib.Finding) -> Key:
  where = finding.where
  sides = tuple(side.source for side in (where.tf1, where.tf2))
  if not any(sides):
    sides = tuple(side.op for side in (where.tf1, where.tf2))
  place = (where.variable, where.output, *sides)
  message = None if any(place) else finding.message
  return (finding.cause, str(finding.is_note), message, *place)


def _key_of_ops(finding: report_lib.Finding) -> Optional[Key]:
  """What is equal where the same is said of the same ops of both sides."""
  sides = (finding.where.tf1, finding.where.tf2)
  ops = tuple(each for side in sides for each in (side.op, side.source))
  if not all(ops):
    return None
  return (finding.cause, str(finding.is_note), finding.message, *ops)
