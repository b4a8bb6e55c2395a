"""Which findings only follow from another one? One finding a root cause.

A variable that the port makes anew, lacks, or has in another shape cannot get
tf1's value, its random op has no partner, and nothing tracks it. Where an
inventory check names such a variable, later findings about the same variable
say the same thing again, so the check that met them carries the first finding:
it still fails, and for its true reason.

Certain only by the variable's exact name; nothing else is taken for the same.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Sequence

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


def settled(
  results: Sequence[report_lib.CheckResult],
) -> List[report_lib.CheckResult]:
  """The results with consequences replaced by what they follow from."""
  roots: Dict[str, report_lib.Finding] = {}
  found = []
  for result in results:
    findings = tuple(
      dict.fromkeys(_root_of(finding, roots) for finding in result.findings)
    )
    found.append(dataclasses.replace(result, findings=findings))
    if result.name in _INVENTORIES:
      for finding in findings:
        if finding.where.variable and finding.cause in _ROOTS:
          roots.setdefault(finding.where.variable, finding)
  return found


def _root_of(
  finding: report_lib.Finding, roots: Dict[str, report_lib.Finding]
) -> report_lib.Finding:
  if finding.cause not in _CONSEQUENCES or finding.where.variable is None:
    return finding
  return roots.get(finding.where.variable, finding)
