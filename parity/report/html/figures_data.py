"""What do the charts and tables of a page draw? Numbers by column, as JSON.

Thousands of pairs of tensors would be megabytes as a table of HTML, and slow to
open; as columns of short numbers they are a tenth of that, and the script makes
rows of those that are looked at. A bit-equal pair needs no figures at all.
Figures are rounded to four digits: a page shows three.
"""

from __future__ import annotations

import math
from typing import Any, Dict, Optional, Sequence

from parity.records import report as report_lib

Plain = Dict[str, Any]

_PAIR_FIGURES = (
  "times_tolerance",
  "max_abs",
  "max_rel",
  "max_ulp",
  "mismatched",
)


def report_data(report: report_lib.Report) -> Plain:
  """What the charts and tables of one report's section need."""
  names: Dict[str, int] = {}
  checks = [
    {
      "name": check.name,
      "status": check.status,
      "pairs": _pairs(check.comparisons, names),
      "depth": _depth(check),
    }
    for check in report.checks
    if check.comparisons or check.depth
  ]
  return {"names": list(names), "checks": checks}


def _pairs(
  pairs: Sequence[report_lib.Comparison], names: Dict[str, int]
) -> Plain:
  """One list a column; `figures` holds null for a bit-equal pair."""
  return {
    "name": [names.setdefault(pair.name, len(names)) for pair in pairs],
    "kind": [pair.kind for pair in pairs],
    "status": [pair.status for pair in pairs],
    "elements": [pair.elements for pair in pairs],
    "figures": [
      None
      if pair.status == "equal"
      else [short(getattr(pair, name)) for name in _PAIR_FIGURES]
      for pair in pairs
    ],
    "histogram": [
      None if pair.status == "equal" else list(pair.ulp_histogram)
      for pair in pairs
    ],
  }


def _depth(check: report_lib.CheckResult) -> Optional[Plain]:
  if not check.depth:
    return None
  points = check.depth
  return {
    "order": [point.order for point in points],
    "op": [point.op for point in points],
    "type": [point.op_type for point in points],
    "error": [short(point.error) for point in points],
    "noise": [short(point.noise) for point in points],
    "match": [point.match for point in points],
    "parting": _parting(check),
  }


def _parting(check: report_lib.CheckResult) -> Optional[int]:
  """The first place among the points where the sides part."""
  named = {finding.where.tf1.op for finding in check.findings}
  return next(
    (
      point.order
      for point in check.depth
      if point.match == "behind" and point.op in named
    ),
    None,
  )


def short(value: Any) -> Any:
  """A figure in four digits; one that is not finite as the report's text.

  >>> short(0.000123456789), short(float("inf")), short(None), short(3.0)
  (0.0001235, 'inf', None, 3)
  """
  if value is None or isinstance(value, (bool, str)):
    return value
  number = float(value)
  if not math.isfinite(number):
    return f"{number:g}"
  rounded = float(f"{number:.4g}")
  return int(rounded) if rounded == int(rounded) else rounded
