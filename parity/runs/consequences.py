"""Which findings only follow from another one? One finding a root cause.

A variable that the port makes anew, lacks, or has in another shape cannot get
tf1's value, its random op has no partner, and nothing tracks it. Where an
inventory check names such a variable, later findings about the same variable
say the same thing again, so the check that met them carries the first finding:
it still fails, and for its true reason.

The same variable is the one of the same exact name, or, where the port makes it
anew under another, the one made by the same line of the port. Nothing else is
taken for the same.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Sequence

from parity.records import report as report_lib

_INVENTORIES = ("variables_created_once", "variables_match")
# What a variable that is unlike on both sides brings with it.
_ROOTS = frozenset(
  (
    "variable_dtype",
    "variable_extra",
    "variable_missing",
    "variable_recreated",
    "variable_shape",
  )
)
_CONSEQUENCES = frozenset(
  ("initializer", "random_op", "variable_extra", "variable_missing")
)


@dataclasses.dataclass(frozen=True)
class _Key:
  """A variable by its name, or by the port's line that makes it."""

  variable: Optional[str] = None
  line: Optional[str] = None


def settled(
  results: Sequence[report_lib.CheckResult],
) -> List[report_lib.CheckResult]:
  """The results with consequences replaced by what they follow from."""
  roots: Dict[_Key, report_lib.Finding] = {}
  found = []
  for result in results:
    findings = tuple(
      dict.fromkeys(_root_of(finding, roots) for finding in result.findings)
    )
    found.append(dataclasses.replace(result, findings=findings))
    if result.name in _INVENTORIES:
      for finding in findings:
        if finding.cause in _ROOTS:
          for key in _keys(finding):
            roots.setdefault(key, finding)
  return found


def _keys(finding: report_lib.Finding) -> List[_Key]:
  """What names a root: the variable, and the line that makes it anew."""
  where = finding.where
  keys = [_Key(variable=where.variable)] if where.variable else []
  if finding.cause == "variable_recreated" and where.tf2.source:
    keys.append(_Key(line=where.tf2.source))
  return keys


def _root_of(
  finding: report_lib.Finding, roots: Dict[_Key, report_lib.Finding]
) -> report_lib.Finding:
  where = finding.where
  if finding.cause not in _CONSEQUENCES or where.variable is None:
    return finding
  by_line = roots.get(_Key(line=where.tf2.source), finding)
  return roots.get(_Key(variable=where.variable), by_line)
