"""What does a pull request show of a matrix? A table a case, and failures."""

from __future__ import annotations

from typing import List, Sequence

from parity.records import matrix as matrix_lib
from parity.report import distinct
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
  page += [_escaped(line) for line in grid.closing_lines(matrix, width=_WIDTH)]
  return "\n".join(page) + "\n"


def _table(
  matrix: matrix_lib.Matrix, entries: Sequence[matrix_lib.Entry]
) -> List[str]:
  names = squares.check_names(entries) or ("case",)
  heads = [f"{entry.column}<br>{entry.tensorflow or '-'}" for entry in entries]
  name = _escaped(entries[0].report.case)
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
  text = _escaped(squares.square(entry, name))
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
      page.append(f"- {_escaped(report.error)}")
    page += [
      f"- {check.name}: {_escaped(check.reason)}"
      for check in report.checks
      if check.status == "error" and check.reason
    ]
    for item in distinct.distinct_findings(report):
      found = item.finding
      places = [
        f"{side} `{place.source}`"
        for side, place in (("tf1", found.where.tf1), ("tf2", found.where.tf2))
        if place.source
      ]
      at = f" ({', '.join(places)})" if places else ""
      page.append(
        f"- {item.check}: **{found.cause}**: {_escaped(found.message)}{at}"
      )
    page += ["", "</details>", ""]
  return page


def _escaped(text: str) -> str:
  flat = " ".join(text.split())
  for mark in ("\\", "`", "*", "_", "|", "<"):
    flat = flat.replace(mark, f"\\{mark}" if mark != "<" else "&lt;")
  return flat
