"""What stands where on a page? Records, made ready for the templates.

Words and figures are those of the terminal's report, so that both say the same.
Nothing is judged here.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Sequence, Tuple

from parity.records import dataflow
from parity.records import matrix as matrix_lib
from parity.records import recording as recording_lib
from parity.records import report as report_lib
from parity.report import distinct
from parity.report import figures
from parity.report import finding as finding_lib
from parity.report.html import drawing
from parity.report.matrix import squares

SYMBOLS = {"pass": "\u2713", "fail": "\u2717", "error": "!", "skip": "\u2013"}


@dataclasses.dataclass(frozen=True)
class CheckView:
  """A check in the strip below the verdict."""

  name: str
  status: str
  symbol: str
  figure: str
  time: str
  text: str
  finding: Optional[int]


@dataclasses.dataclass(frozen=True)
class CodeLine:
  """A line of a snippet."""

  number: int
  text: str
  is_the_one: bool


@dataclasses.dataclass(frozen=True)
class SideView:
  """One side of a finding: the op, the user's lines, the ops around it."""

  side: str
  op: str
  op_type: str
  source: str
  lines: Tuple[CodeLine, ...]
  drawing: Optional[drawing.Drawing]


@dataclasses.dataclass(frozen=True)
class FindingView:
  """A finding."""

  number: int
  cause: str
  is_note: bool
  met_by: str
  at: str
  message: str
  hint: str
  sides: Tuple[SideView, ...]
  figures: Tuple[Tuple[str, str], ...]
  details: Tuple[str, ...]
  issues: Tuple[str, ...]
  has_graph: bool


@dataclasses.dataclass(frozen=True)
class PlaceRow:
  """A row of what ran where."""

  label: str
  tf1: str
  tf2: str
  differs: bool


@dataclasses.dataclass(frozen=True)
class Note:
  """A note, and the checks that made it."""

  checks: str
  text: str


@dataclasses.dataclass(frozen=True)
class ReportView:
  """One report, as its section shows it."""

  number: int
  report: report_lib.Report
  symbol: str
  tally: str
  sides: Tuple[str, ...]
  checks: Tuple[CheckView, ...]
  findings: Tuple[FindingView, ...]
  variables: Tuple[report_lib.VariableDifference, ...]
  places: Tuple[PlaceRow, ...]
  notes: Tuple[Note, ...]
  title: str


@dataclasses.dataclass(frozen=True)
class SquareView:
  """A square of the grid."""

  status: str
  symbol: str
  text: str
  report: int
  check: str
  gates: bool


@dataclasses.dataclass(frozen=True)
class GridView:
  """A case's grid of cell and check."""

  case: str
  cells: Tuple[matrix_lib.Entry, ...]
  rows: Tuple[Tuple[str, Tuple[SquareView, ...]], ...]


def report_view(
  report: report_lib.Report, *, number: int, title: str
) -> ReportView:
  """A report's section.

  Args:
    report: what to show.
    number: of the section, for its anchors.
    title: its heading.
  """
  found = distinct.distinct_findings(report)
  differences = [d for check in report.checks for d in check.variables]
  return ReportView(
    number=number,
    report=report,
    symbol=SYMBOLS[report.verdict],
    tally=figures.tally(report),
    sides=_sides(report),
    checks=tuple(_check(check, found) for check in report.checks),
    findings=tuple(
      _finding(item, place) for place, item in enumerate(found, start=1)
    ),
    variables=tuple(differences),
    places=tuple(_places(report.tf1, report.tf2)),
    notes=tuple(
      Note(", ".join(checks), note)
      for note, checks in distinct.notes_of(report).items()
    ),
    title=title,
  )


def _sides(report: report_lib.Report) -> Tuple[str, ...]:
  told = [
    (side, figures.place(identity))
    for side, identity in (("tf1", report.tf1), ("tf2", report.tf2))
    if identity is not None
  ]
  if len(told) == 2 and told[0][1] == told[1][1]:
    return (f"both sides in {told[0][1]}",)
  return tuple(f"{side} in {text}" for side, text in told)


def _check(
  check: report_lib.CheckResult, found: Sequence[distinct.DistinctFinding]
) -> CheckView:
  shown = next(
    (
      number
      for number, item in enumerate(found, start=1)
      if check.name in [item.check, *(other.check for other in item.also)]
    ),
    None,
  )
  figure = figures.check_in_words(check)
  return CheckView(
    name=check.name,
    status=check.status,
    symbol=SYMBOLS[check.status],
    figure=figure,
    time="" if check.status == "skip" else figures.seconds(check.seconds),
    text=check.summary or check.reason or "",
    finding=shown,
  )


def _finding(item: distinct.DistinctFinding, number: int) -> FindingView:
  found = item.finding
  met_by = list(
    dict.fromkeys([item.check, *(other.check for other in item.also)])
  )
  rows = finding_lib.figure_rows(item)
  pair = item.comparison
  if pair is not None and pair.reference_head and pair.other_head:
    for side, head in (("tf1", pair.reference_head), ("tf2", pair.other_head)):
      values = ", ".join(figures.exact(value) for value in head)
      rows.append((f"first values, {side}", values))
  at = [
    f"{kind} {name}"
    for kind, name in (
      ("output", found.where.output),
      ("variable", found.where.variable),
    )
    if name
  ]
  around = found.neighbourhood
  sides = (
    _side("tf1", found.where.tf1, around.tf1 if around else ()),
    _side("tf2", found.where.tf2, around.tf2 if around else ()),
  )
  return FindingView(
    number=number,
    cause=found.cause,
    is_note=found.is_note,
    met_by=", ".join(met_by),
    at=", ".join(at),
    message=found.message,
    hint=found.hint or "",
    sides=sides if any(s.op or s.source or s.drawing for s in sides) else (),
    figures=tuple(rows),
    details=tuple(finding_lib.details_of(item)),
    issues=found.issues,
    has_graph=around is not None,
  )


def _side(
  side: str, place: report_lib.Place, nodes: Sequence[dataflow.Node]
) -> SideView:
  lines: Tuple[CodeLine, ...] = ()
  snippet = place.snippet
  if snippet is not None:
    line = int((place.source or ":0").rpartition(":")[2])
    lines = tuple(
      CodeLine(number, text, number == line)
      for number, text in enumerate(snippet.lines, start=snippet.first)
    )
  return SideView(
    side=side,
    op=place.op or (f"scope {place.scope}" if place.scope else ""),
    op_type=place.op_type or "",
    source=place.source or "",
    lines=lines,
    drawing=drawing.lay_out(nodes) if nodes else None,
  )


def _places(
  tf1: Optional[recording_lib.Identity], tf2: Optional[recording_lib.Identity]
) -> List[PlaceRow]:
  left, right = _facts(tf1), _facts(tf2)
  return [
    PlaceRow(
      label=label,
      tf1=left.get(label, ""),
      tf2=right.get(label, ""),
      differs=bool(left and right)
      and left.get(label, "") != right.get(label, ""),
    )
    for label in dict.fromkeys([*left, *right])
  ]


def _facts(identity: Optional[recording_lib.Identity]) -> Dict[str, str]:
  if identity is None:
    return {}
  found = {
    "cell": identity.cell,
    "numerics": identity.numerics,
    "device": identity.device,
  }
  found.update(sorted(identity.versions.items()))
  found.update((f"switch {k}", v) for k, v in sorted(identity.switches.items()))
  found.update({"build": identity.build, "cpu": identity.cpu})
  return {label: str(text) for label, text in found.items() if text}


def grid_views(matrix: matrix_lib.Matrix) -> Tuple[GridView, ...]:
  """A grid a case; a square names the section that its cell's report has."""
  number = {id(entry): place for place, entry in enumerate(matrix.entries)}
  return tuple(
    GridView(
      case=entries[0].report.case,
      cells=tuple(entries),
      rows=tuple(
        (
          name,
          tuple(_square(entry, name, number[id(entry)]) for entry in entries),
        )
        for name in squares.check_names(entries) or ("case",)
      ),
    )
    for entries in matrix.cases
  )


def _square(entry: matrix_lib.Entry, name: str, number: int) -> SquareView:
  check = squares.check_of(entry, name)
  if check is not None:
    status = check.status
  else:
    status = "error" if entry.report.verdict == "error" else "skip"
  return SquareView(
    status=status,
    symbol=SYMBOLS[status],
    text=squares.square(entry, name),
    report=number,
    check=name,
    gates=entry.gates,
  )
