"""What does a pull request show of a matrix? A table a case, and failures."""

from __future__ import annotations

from typing import List, Sequence

from parity.records import matrix as matrix_lib
from parity.report import distinct
from parity.report import markdown
from parity.report.matrix import grid
from parity.report.matrix import squares

_WIDTH = 100000  # No line is wrapped: the page does that.


def matrix_to_markdown(matrix: matrix_lib.Matrix) -> str:
  """The matrix as Markdown."""
  page = [f"### parity matrix: {matrix.verdict}", ""]
  for entries in matrix.cases:
    page += [*_table(matrix, entries), ""]
    page += _failures(entries)
  page += [f"<sub>{squares.LEGEND}.</sub>", ""]
  page += [
    markdown.escaped(line) for line in grid.closing_lines(matrix, width=_WIDTH)
  ]
  return "\n".join(page) + "\n"


def _table(
  matrix: matrix_lib.Matrix, entries: Sequence[matrix_lib.Entry]
) -> List[str]:
  names = squares.check_names(entries) or ("case",)
  heads = [f"{entry.column}<br>{entry.tensorflow or '-'}" for entry in entries]
  name = markdown.escaped(entries[0].report.case)
  page = [
    f"**{name}**, held against the tf1 side in {matrix.reference}",
    "",
    f"| check | {' | '.join(heads)} |",
    "| --- |" + " --- |" * len(entries),
  ]
  for name in names:
    row = [_square(entry, name) for entry in entries]
    page.append(f"| {name} | {' | '.join(row)} |")
  return page


def _square(entry: matrix_lib.Entry, name: str) -> str:
  text = markdown.escaped(squares.square(entry, name))
  return f"**{text}**" if text.startswith(("FAIL", "ERROR")) else text


def _failures(entries: Sequence[matrix_lib.Entry]) -> List[str]:
  page: List[str] = []
  for entry in entries:
    report = entry.report
    if report.verdict == "pass":
      continue
    page.append(f"<details><summary>{entry.column}: {report.verdict}</summary>")
    page.append("")
    if report.error:
      page.append(f"- {markdown.escaped(report.error)}")
    page += [
      f"- {check.name}: {markdown.escaped(check.reason)}"
      for check in report.checks
      if check.status == "error" and check.reason
    ]
    for item in distinct.distinct_findings(report):
      page += markdown.finding_lines(item.finding, met_by=item.check)
    page += ["", "</details>", ""]
  return page
