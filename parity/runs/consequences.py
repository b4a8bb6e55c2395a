"""Which findings only follow from another one? One finding a root cause.

A variable that the port makes anew, lacks, or has in another shape cannot get
tf1's value, its random op has no partner, and nothing tracks it. Where an
inventory check names such a variable, later findings about the same variable
say the same thing again, so the check that met them carries the first finding:
it still fails, and for its true reason. Certain only by the variable's exact
name; nothing else is taken for the same.

A check that fails where an earlier one failed on the same computation carries
its findings too: tracing it again would say the same.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Mapping, Sequence, Tuple

from parity.records import report as report_lib

_SAME_COMPUTATION = {
  "constant_weights": ("random_inference",),
  "random_functional": ("random_training",),
  "optimizer": ("gradients", "random_training"),
}
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
# Of these, what keeps a variable from getting its value on one side.
_UNLIKE = _ROOTS - {"variable_dtype"}
# What only concerns how numbers were drawn: it explains nothing where every
# variable has one value, or every random op one seed.
_OF_THE_DRAWS = frozenset(("initializer", "random_order"))
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


def comes_late(result: report_lib.CheckResult) -> bool:
  """Whether a check's failure may be that of one that is explained before."""
  return result.name in _SAME_COMPUTATION


def earlier(
  result: report_lib.CheckResult,
  explained: Mapping[str, report_lib.CheckResult],
) -> Tuple[report_lib.Finding, ...]:
  """The findings of earlier checks of which a failure is a consequence.

  Args:
    result: of a check that failed for a reason yet unknown.
    explained: earlier results by the check's name.
  """
  if result.name == "constant_weights":
    # Setting every variable to one value reaches only those that both track.
    unlike = [
      finding
      for name in _INVENTORIES
      for finding in getattr(explained.get(name), "findings", ())
      if finding.cause in _UNLIKE
    ]
    if unlike:
      return tuple(unlike)
  for name in _SAME_COMPUTATION.get(result.name, ()):
    same = explained.get(name)
    if same is not None and same.status == "fail":
      found = tuple(
        finding
        for finding in same.findings
        if not finding.is_note and finding.cause not in _OF_THE_DRAWS
      )
      if found:
        return found
  return ()
