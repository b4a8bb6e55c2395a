"""Which variables are not the same on both sides? As a list, for reports.

The findings of `variables_match` tell the first of each kind; this tells all.
"""

from __future__ import annotations

from typing import Optional, Tuple

from parity.compare import inventories
from parity.records import recording as recording_lib
from parity.records import report as report_lib


def of(
  diff: inventories.InventoryDiff,
) -> Tuple[report_lib.VariableDifference, ...]:
  """What differs, variable by variable; a probable pair is one difference."""
  renamed = [p for p in diff.renamed_pairs if p.certainty != "possible"]
  found = [_difference("renamed", p.tf1, p.tf2, p.reason) for p in renamed]
  paired = {id(p.tf1) for p in renamed} | {id(p.tf2) for p in renamed}
  found += [
    _difference("missing", v, None) for v in diff.missing if id(v) not in paired
  ]
  found += [
    _difference("extra", None, v) for v in diff.extra if id(v) not in paired
  ]
  for status, pairs in (
    ("shape", diff.shape),
    ("dtype", diff.dtype),
    ("trainable", diff.trainable),
  ):
    found += [_difference(status, pair.tf1, pair.tf2) for pair in pairs]
  return tuple(found)


def _difference(
  status: str,
  tf1: Optional[recording_lib.VariableRecord],
  tf2: Optional[recording_lib.VariableRecord],
  reason: Optional[str] = None,
) -> report_lib.VariableDifference:
  return report_lib.VariableDifference(
    status=status, tf1=_facts(tf1), tf2=_facts(tf2), reason=reason
  )


def _facts(
  variable: Optional[recording_lib.VariableRecord],
) -> Optional[report_lib.VariableFacts]:
  if variable is None:
    return None
  return report_lib.VariableFacts(
    name=variable.name,
    shape=tuple(variable.shape),
    dtype=variable.dtype,
    trainable=variable.trainable,
    source=variable.source,
  )
