"""What does a person at a terminal see of a matrix?

A grid a case, rows are checks and columns are cells; then the findings of the
cells that did not pass, what several say alike once; notes, told once; last the
verdict, and the warnings of cells that do not gate. Plain ASCII in the
console's width: where not all cells fit side by side, the grid goes on below.
"""

from __future__ import annotations

from typing import Dict, List, Sequence

from parity.records import matrix as matrix_lib
from parity.records import wording
from parity.report import figures
from parity.report import finding as finding_lib
from parity.report import lines
from parity.report.matrix import shared
from parity.report.matrix import squares

_FINDINGS = 3
_NOTES = 6
_GAP = 2


def matrix_lines(
  matrix: matrix_lib.Matrix, *, width: int, verbosity: int = 0
) -> List[str]:
  """The matrix, line by line.

  Args:
    matrix: what to show.
    width: of the console.
    verbosity: -1 the verdict alone, 0 the grid and findings, 1 all of them
      with their details.
  """
  page: List[str] = []
  if verbosity >= 0:
    for entries in matrix.cases:
      page += [*_head(matrix, entries, width=width), ""]
      page += [*_grid(entries, width=width), ""]
      page += _findings(entries, width=width, verbosity=verbosity)
      page += _notes(entries, width=width, verbosity=verbosity)
    page += lines.wrapped(squares.LEGEND, width=width)
    for out in matrix.left_out:
      page.append(f"left out: {out.cell}: {out.reason}")
    page.append("")
  return page + closing_lines(matrix, width=width)


def closing_lines(matrix: matrix_lib.Matrix, *, width: int) -> List[str]:
  """Warnings, then the verdict in one line."""
  page: List[str] = []
  for entry in matrix.warnings:
    build = f" ({entry.tensorflow})" if entry.tensorflow else ""
    word = "fails" if entry.report.verdict == "fail" else "could not run"
    page += lines.wrapped(
      f"warning: {entry.column}{build} {word} {entry.report.case}, and does not"
      f" gate; --require {entry.cell} makes it.",
      width=width,
    )
  failed = [e for e in matrix.gating if e.report.verdict != "pass"]
  cells = {entry.column for entry in matrix.entries}
  told = [
    wording.count(len(matrix.cases), "case"),
    wording.count(len(cells), "cell"),
    f"reference {matrix.reference}",
  ]
  if failed:
    names = list(dict.fromkeys(entry.column for entry in failed))
    told.append(f"not passed in {', '.join(names)}")
  told.append(figures.seconds(matrix.seconds))
  return [*page, f"{matrix.verdict.upper():<5} matrix: {', '.join(told)}"]


def _head(
  matrix: matrix_lib.Matrix,
  entries: Sequence[matrix_lib.Entry],
  *,
  width: int,
) -> List[str]:
  report = entries[0].report
  place = matrix.reference
  if matrix.identity is not None:
    versions = matrix.identity.versions
    place += f" (TensorFlow {versions.get('tensorflow', '?')})"
    if matrix.identity.numerics != "default":
      place += f", numerics {matrix.identity.numerics}"
  return lines.wrapped(
    f"{report.case}: held against the tf1 side in {place}", width=width
  )


def _grid(entries: Sequence[matrix_lib.Entry], *, width: int) -> List[str]:
  names = squares.check_names(entries) or ("case",)
  columns = [
    [entry.column, entry.tensorflow or "-"]
    + [squares.square(entry, name) for name in names]
    for entry in entries
  ]
  labels = ["cell", "TensorFlow", *names]
  first = max(len(label) for label in labels)
  page: List[str] = []
  while columns:
    count, used = 0, first
    for column in columns:
      used += _GAP + max(len(text) for text in column)
      if count and used > width:
        break
      count += 1
    shown, columns = columns[:count], columns[count:]
    if page:
      page.append("")
    for row, label in enumerate(labels):
      line = f"{label:<{first}}"
      for column in shown:
        room = max(len(text) for text in column)
        line += f"{'':{_GAP}}{column[row]:<{room}}"
      page.append(line.rstrip())
  return page


def _findings(
  entries: Sequence[matrix_lib.Entry], *, width: int, verbosity: int
) -> List[str]:
  page: List[str] = []
  case = entries[0].report.case
  for said in shared.statements(entries):
    page += lines.wrapped(
      f"{', '.join(said.columns)}: {squares.word(said.verdict)} {case}",
      width=width,
    )
    for reason in said.reasons:
      page += lines.wrapped(reason, width=width, indent="   ")
    shown = said.findings if verbosity > 0 else said.findings[:_FINDINGS]
    for each in shown:
      item = each.item
      page.append(f"   {item.finding.cause}  {finding_lib.title(item)}")
      page += finding_lib.finding_lines(item, width=width, verbosity=verbosity)
      page += _whose(each, said.columns, width=width)
    if len(shown) < len(said.findings):
      left = wording.count(len(said.findings) - len(shown), "more finding")
      page.append(f"   ... {left}, see -v")
    page.append("")
  return page


def _whose(
  each: shared.SharedFinding, columns: Sequence[str], *, width: int
) -> List[str]:
  """Whose figures these are, where not all cells have the same."""
  if not each.differing:
    return []
  others = ", ".join(each.differing)
  return lines.labelled(
    "figures",
    f"of {columns[0]}; others in {others}: see the grid, or --json",
    width=width,
    indent="   ",
  )


def _notes(
  entries: Sequence[matrix_lib.Entry], *, width: int, verbosity: int
) -> List[str]:
  said_by: Dict[str, List[str]] = {}
  for entry in entries:
    notes = list(entry.report.notes)
    for check in entry.report.checks:
      notes += check.notes
    for note in dict.fromkeys(notes):
      said_by.setdefault(note, []).append(entry.column)
  told = list(said_by.items())
  shown = told if verbosity > 0 else told[:_NOTES]
  page: List[str] = []
  for note, cells in shown:
    where = "" if len(cells) == len(entries) else f"{', '.join(cells)}: "
    page += lines.labelled("note", where + note, width=width)
  if len(shown) < len(told):
    left = wording.count(len(told) - len(shown), "more note")
    page.append(f"... {left}, see -v")
  return [*page, ""] if page else []
