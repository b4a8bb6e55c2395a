"""What does a pull request show of reports? A table of checks, and findings.

Everything that comes from a model is escaped, so that a name with a bar or an
asterisk neither breaks the table nor turns bold.
"""

from __future__ import annotations

from typing import List, Sequence

from parity.records import report as report_lib
from parity.report import distinct
from parity.report import figures
from parity.report import printable

_SIGNS = {"pass": "pass", "fail": "**FAIL**", "error": "**ERROR**"}


def reports_to_markdown(reports: Sequence[report_lib.Report]) -> str:
  """Reports as Markdown."""
  page: List[str] = []
  for report in reports:
    page += _report(report)
  return "\n".join(page)


def escaped(text: str) -> str:
  r"""Text in one line that Markdown takes literally.

  >>> print(escaped("a|b *c* <d>"))
  a\|b \*c\* &lt;d>
  """
  flat = printable.printable(" ".join(text.split()))
  for mark in ("\\", "`", "*", "_", "|", "[", "]"):
    flat = flat.replace(mark, f"\\{mark}")
  return flat.replace("<", "&lt;")


def code(text: str) -> str:
  """A path or a name in the font of code."""
  flat = " ".join(text.replace("`", "'").split())
  return f"`{printable.printable(flat)}`"


def finding_lines(found: report_lib.Finding, *, met_by: str) -> List[str]:
  """A finding as an item of a list."""
  places = [
    f"{side} {code(place.source)}"
    for side, place in (("tf1", found.where.tf1), ("tf2", found.where.tf2))
    if place.source
  ]
  at = f" ({', '.join(places)})" if places else ""
  page = [f"- {met_by}: **{found.cause}**: {escaped(found.message)}{at}"]
  if found.hint:
    page.append(f"  <br>Hint: {escaped(found.hint)}")
  return page


def _report(report: report_lib.Report) -> List[str]:
  sign = _SIGNS[report.verdict]
  page = [
    f"### {sign} {escaped(report.case)}: {figures.tally(report)}",
    "",
  ]
  if report.error:
    page += [escaped(report.error), ""]
  if report.checks:
    page += ["| check | status | worst figure |", "| --- | --- | --- |"]
    page += [
      f"| {check.name} | {_SIGNS.get(check.status, check.status)} |"
      f" {escaped(figures.check_in_words(check))} |"
      for check in report.checks
    ]
    page.append("")
  found = distinct.distinct_findings(report)
  for item in found:
    page += finding_lines(item.finding, met_by=item.check)
  if found:
    page.append("")
  if report.command and report.verdict != "pass":
    page += [f"Again: {code(report.command)}", ""]
  return page
