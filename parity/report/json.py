"""How is a report written for machines? As the contract's JSON, strictly.

`parity.report/1` is one report, `parity.reports/1` several. What is not known
is null. JSON has no literal for a figure that is not finite, so such a figure
is the string `NaN`, `Infinity` or `-Infinity`: it is known, and is not null.
Beyond the contract's fields a report holds what the Report record holds:
`path`, `tf1` and `tf2` (where each side ran), `seconds`, `notes`, `error`,
`command`; a check its `summary`, `reason`, `notes` and `comparisons`; a finding
its `details` and the `snippet` around each side's source; where the check
passes in spite of it `note: true`; where both sides were traced its
`neighbourhood`, and the check then its `depth`; the check of the variables
those that differ, as `variables`.
`docs/report.schema.json` says the same as JSON Schema.
"""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any, Dict, List, Mapping, Sequence

import numpy as np

from parity.records import report as report_lib
from parity.records import vocabulary
from parity.report import files

REPORT_SCHEMA = "parity.report/1"
REPORTS_SCHEMA = "parity.reports/1"

# From the best to the worst: of several reports the worst verdict counts. An
# error is worse than a failure, since it leaves unknown what was asked.
VERDICTS = ("pass", "fail", "error")

Plain = Dict[str, Any]


def report_to_plain(report: report_lib.Report) -> Plain:
  """A report as `parity.report/1`, of dicts, lists, text and finite numbers."""
  plain = {
    "schema": REPORT_SCHEMA,
    "case": report.case,
    "verdict": report.verdict,
    "checks": [_check(check) for check in report.checks],
    "path": report.path,
    "seconds": report.seconds,
    "tf1": _record(report.tf1),
    "tf2": _record(report.tf2),
    "notes": report.notes,
    "error": report.error,
    "command": report.command,
  }
  return {key: _plain(value) for key, value in plain.items()}


def reports_to_plain(reports: Sequence[report_lib.Report]) -> Plain:
  """Several reports as `parity.reports/1`, with the worst verdict of all."""
  return {
    "schema": REPORTS_SCHEMA,
    "verdict": worst_verdict(reports),
    "reports": [report_to_plain(report) for report in reports],
  }


def worst_verdict(reports: Sequence[report_lib.Report]) -> str:
  """`error` before `fail` before `pass`; no report at all is an `error`."""
  if not reports:
    return "error"
  return max((report.verdict for report in reports), key=VERDICTS.index)


def to_text(plain: Mapping[str, Any]) -> str:
  """Strict JSON, indented, ASCII, with a newline at its end."""
  return json.dumps(plain, indent=2, allow_nan=False) + "\n"


def write(plain: Mapping[str, Any], path: str) -> None:
  """Writes strict JSON to `path`, whole or not at all.

  Raises:
    errors.UsageError: the file cannot be written there.
  """
  files.write(to_text(plain), path)


def _check(check: report_lib.CheckResult) -> Plain:
  return {
    "name": check.name,
    "status": check.status,
    "seconds": check.seconds,
    "findings": [_finding(finding) for finding in check.findings],
    "summary": check.summary or None,
    "reason": check.reason,
    "notes": check.notes,
    "comparisons": [_record(pair) for pair in check.comparisons],
    **_depth(check),
    **_variables(check),
  }


def _finding(finding: report_lib.Finding) -> Plain:
  plain: Plain = {
    "cause": finding.cause,
    "where": _where(finding.where),
    "max_abs": finding.max_abs,
    "max_rel": finding.max_rel,
    "max_ulp": finding.max_ulp,
    "message": finding.message,
    "hint": finding.hint,
    "details": finding.details,
  }
  if finding.is_note:
    plain["note"] = True
  if finding.pattern is not None:
    plain["pattern"] = finding.pattern
  if finding.times_noise is not None:
    plain["times_noise"] = finding.times_noise
  if finding.issues:
    plain["issues"] = finding.issues
  if finding.neighbourhood is not None:
    plain["neighbourhood"] = _record(finding.neighbourhood)
  return plain


def _where(where: report_lib.Where) -> Plain:
  """A snippet only where there is one: the contract has none."""
  plain: Plain = dataclasses.asdict(where)
  for side in vocabulary.SIDES:
    if plain[side]["snippet"] is None:
      del plain[side]["snippet"]
  return plain


def _variables(check: report_lib.CheckResult) -> Plain:
  if not check.variables:
    return {}
  return {"variables": [_record(each) for each in check.variables]}


def _depth(check: report_lib.CheckResult) -> Plain:
  """Column by column, since there may be thousands of ops."""
  if not check.depth:
    return {}
  names = [field.name for field in dataclasses.fields(check.depth[0])]
  return {
    "depth": {
      name: [getattr(point, name) for point in check.depth] for name in names
    }
  }


def _record(record: Any) -> Any:
  return None if record is None else dataclasses.asdict(record)


def _plain(value: Any) -> Any:
  """Turns nests of what a record may hold into what strict JSON may hold."""
  if value is None or isinstance(value, (bool, str, int)):
    return value
  if isinstance(value, (float, np.floating)):
    return _figure(float(value))
  if isinstance(value, (np.bool_, np.integer)):
    return value.item()
  if isinstance(value, Mapping):
    return {str(key): _plain(item) for key, item in value.items()}
  if isinstance(value, (list, tuple)):
    items: List[Any] = [_plain(item) for item in value]
    return items
  raise TypeError(f"A report holds {type(value).__name__}, which is not plain.")


def _figure(value: float) -> Any:
  if math.isnan(value):
    return "NaN"
  if math.isinf(value):
    return "Infinity" if value > 0 else "-Infinity"
  return value
