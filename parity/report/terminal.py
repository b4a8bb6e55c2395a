"""What does a person at a terminal see of a report?

In this order: the case and where its sides ran; one row a check; one block a
finding, findings that several checks met told once; notes; the verdict, last,
since that is where the eye is when the command ends. A report of the usual
size fits one screen; `-v` tells the rest.

Everything is laid out here in lines of the console's width, in ASCII, and rich
only colours it. So a pipe, NO_COLOR and a dumb terminal get the same lines,
and nothing is said by colour alone.
"""

from __future__ import annotations

import re
import sys
from typing import Dict, List, Optional, Sequence, TextIO, Tuple

from rich import console as rich_console
from rich import text as rich_text

from parity.records import report as report_lib
from parity.records import vocabulary
from parity.records import wording
from parity.report import block
from parity.report import distinct
from parity.report import figures
from parity.report import finding as finding_lib
from parity.report import lines
from parity.report import printable

_STYLES = {
  "pass": "green",
  "fail": "bold red",
  "skip": "dim",
  "error": "bold magenta",
}
_BADGES = {
  "pass": "bold white on green",
  "fail": "bold white on red",
  "error": "bold white on magenta",
}
_MAX_WIDTH = 120
_FULL_FINDINGS = 3
_BRIEF_FINDINGS = 8
_FEW_FINDINGS = 3
_NOTES = 4
_ERROR_LINES = 14
_ERROR_TAIL = 5
# As parity.tf.usercode writes the user's own frames below an exception.
_FRAME = re.compile(r"\s+(.+?:\d+) in ")
_TIME_WIDTH = 9
_MAX_TABLE_WIDTH = 100

Line = rich_text.Text


class _Console(rich_console.Console):
  """A console that leaves it to its caller what a closed pipe means."""

  def on_broken_pipe(self) -> None:
    """Raises it again, where rich would end the process with status 1."""
    raise  # noqa: PLE0704


def make_console(
  stream: Optional[TextIO] = None, *, width: Optional[int] = None
) -> rich_console.Console:
  """A console for reports: colour only where the stream is a terminal."""
  return _Console(
    file=stream or sys.stdout, width=width, highlight=False, markup=False
  )


def print_report(
  report: report_lib.Report,
  *,
  console: rich_console.Console,
  verbosity: int = 0,
) -> None:
  """Prints a report.

  Args:
    report: what to print.
    console: where to.
    verbosity: -1 the verdict and one line a finding, 0 what fits a screen, 1
      all findings with their details, 2 every compared pair as well.
  """
  width = min(console.width, _MAX_WIDTH)
  for line in report_lines(report, width=width, verbosity=verbosity):
    _print(line, console)


def print_summary(
  reports: Sequence[report_lib.Report], *, console: rich_console.Console
) -> None:
  """Prints one line a case; for several cases, below their reports."""
  for line in _printable([_verdict_line(report) for report in reports]):
    _print(line, console)


def report_lines(
  report: report_lib.Report, *, width: int, verbosity: int = 0
) -> List[Line]:
  """The report, line by line."""
  found = distinct.distinct_findings(report)
  if verbosity < 0:
    return _printable(_quiet(report, found, width=width))
  page = _header(report, width=width) + _table(report, width=width)
  page += _reasons(report, width=width, verbosity=verbosity)
  page += _findings(found, width=width, verbosity=verbosity)
  page += _pairs(report, width=width, verbosity=verbosity)
  page += _notes(report, width=width, verbosity=verbosity)
  page += _error_lines(report, width=width, verbosity=verbosity)
  page.append(Line())
  if report.command and report.verdict != "pass":
    page.append(Line(f"again   {report.command}", style="dim"))
  page.append(_verdict_line(report))
  return _printable(page)


def _printable(page: Sequence[Line]) -> List[Line]:
  """The lines with nothing that steers a terminal; such lose their colours."""
  texts = printable.lines(line.plain for line in page)
  return [
    line if line.plain == text else Line(text, style=line.style)
    for line, text in zip(page, texts)
  ]


def _quiet(
  report: report_lib.Report,
  found: Sequence[distinct.DistinctFinding],
  *,
  width: int,
) -> List[Line]:
  told = [
    finding_lib.one_line(item, width=width - 2)
    for item in found
    if not item.finding.is_note
  ]
  left = len(told) - _BRIEF_FINDINGS
  if left > 0:
    told[_BRIEF_FINDINGS:] = [f"... {wording.count(left, 'more finding')}"]
  reasons: Dict[str, str] = {}
  for check in report.checks:
    if check.status == "error" and check.reason:
      reasons.setdefault(_gist(check.reason), check.reason)
  for gist, reason in reasons.items():
    frame = _FRAME.match(gist)
    place = f"{figures.source(frame.group(1))}: " if frame else ""
    told.append(lines.clipped(f"error: {place}{reason}", width=width - 2))
  page = [Line("  " + text) for text in told]
  page += _error_lines(report, width=width, verbosity=0)
  return [*page, _verdict_line(report)]


def _print(line: Line, console: rich_console.Console) -> None:
  console.print(line, soft_wrap=True, highlight=False, markup=False)


def _header(report: report_lib.Report, *, width: int) -> List[Line]:
  page = [Line(report.case, style="bold")]
  if report.path:
    page[0].append(f"  {figures.source(report.path)}", style="not bold dim")
  sides = [("tf1", report.tf1), ("tf2", report.tf2)]
  if report.tf1 is not None and report.tf1 == report.tf2:
    sides = [("both", report.tf1)]
  for side, identity in sides:
    if identity is not None:
      text = lines.labelled(side, figures.place(identity), width=width)
      page += [Line(line, style="dim") for line in text]
  return [*page, Line()]


def _table(report: report_lib.Report, *, width: int) -> List[Line]:
  if not report.checks:
    return []
  name_width = max(len(name) for name in vocabulary.CHECKS)
  figure_width = _figure_width(width)
  head = f"{'check':<{name_width}}  status  {'worst figure':<{figure_width}}"
  page = [Line(f"{head}{'time':>{_TIME_WIDTH}}", style="dim")]
  for check in report.checks:
    line = Line(f"{check.name:<{name_width}}  ")
    word = check.status.upper() if check.status == "fail" else check.status
    line.append(f"{word:<6}", style=_STYLES.get(check.status, ""))
    figure = lines.clipped(
      figures.check_in_words(check, width=figure_width), width=figure_width
    )
    seconds = "" if check.status == "skip" else figures.seconds(check.seconds)
    line.append(f"  {figure:<{figure_width}}")
    line.append(f"{seconds:>{_TIME_WIDTH}}", style="dim")
    line.rstrip()
    page.append(line)
  return page


def _figure_width(width: int) -> int:
  name_width = max(len(name) for name in vocabulary.CHECKS)
  room = min(width, _MAX_TABLE_WIDTH) - name_width - len("  status  ")
  return max(room - _TIME_WIDTH, 16)


def _reasons(
  report: report_lib.Report, *, width: int, verbosity: int
) -> List[Line]:
  """Why checks were skipped or broke, where a row had no room for it.

  A worker that died breaks every check: what they have in common is told once.
  """
  room = _figure_width(width)
  names: Dict[Tuple[str, str], List[str]] = {}
  reasons: Dict[Tuple[str, str], str] = {}
  for check in report.checks:
    if check.status in ("skip", "error") and check.reason:
      told = check.reason if verbosity > 0 else _gist(check.reason)
      key = (check.status, told)
      names.setdefault(key, []).append(check.name)
      reasons.setdefault(key, check.reason)
  page: List[Line] = []
  for key, checks in names.items():
    reason = reasons[key]
    if lines.clipped(reason, width=room) == reason:
      continue
    text = lines.wrapped(
      f"{key[0]}: {', '.join(checks)}: {reason}",
      width=width,
      hanging="  ",
      limit=None if verbosity > 0 else _ERROR_LINES,
      tail=_ERROR_TAIL,
    )
    page += [Line(line) for line in text]
  return [Line(), *page] if page else []


def _gist(reason: str) -> str:
  """The line that raised, where one is named, else the whole reason.

  One line of a port breaks every check that calls it, in as many words.
  """
  last = reason.rstrip().rpartition("\n")[2]
  return last if _FRAME.match(last) else reason


def _findings(
  found: Sequence[distinct.DistinctFinding], *, width: int, verbosity: int
) -> List[Line]:
  page: List[Line] = []
  full = len(found) if verbosity > 0 else _FULL_FINDINGS
  for number, item in enumerate(found[:full], start=1):
    note = item.finding.is_note
    head = Line(f"{number}. ")
    head.append(item.finding.cause, style="bold yellow" if note else "bold red")
    head.append("  note" if note else "")
    room = width - head.cell_len - 2
    head.append(f"  {finding_lib.title(item, width=room)}")
    text = finding_lib.finding_lines(item, width=width, verbosity=verbosity)
    page += [Line(), head] + [Line(line) for line in text]
  rest = found[full:]
  if rest:
    page.append(Line())
  for number, item in enumerate(rest[:_BRIEF_FINDINGS], start=full + 1):
    lead = f"{number}. "
    room = width - len(lead)
    few = len(rest) <= _FEW_FINDINGS
    brief = finding_lib.one_line(item, width=2 * room - 20 if few else room)
    told = lines.wrapped(brief, width=width, indent=lead, hanging="   ")
    page += [Line(line) for line in told]
  if len(rest) > _BRIEF_FINDINGS:
    left = wording.count(len(rest) - _BRIEF_FINDINGS, "more finding")
    page.append(Line(f"... {left}, see -v"))
  return page


def _pairs(
  report: report_lib.Report, *, width: int, verbosity: int
) -> List[Line]:
  """Blocks of the pairs that differ (-v), or of all of them (-vv)."""
  page: List[Line] = []
  far = False
  for check in report.checks if verbosity > 0 else ():
    shown = [
      pair for pair in check.comparisons if verbosity > 1 or not pair.is_match
    ]
    if shown or not page:
      page.append(Line())
    if shown or check.summary:
      page.append(Line(f"{check.name}: {check.summary}".rstrip(": ")))
    for pair in shown:
      page += [Line(f"  {line}") for line in block.block_lines(pair)]
      far = far or (pair.max_ulp or 0) > figures.FAR_ULPS
  if far:
    text = lines.wrapped(figures.ULPS_NEAR_ZERO, width=width)
    page += [Line(), *(Line(line, style="dim") for line in text)]
  return page


def _notes(
  report: report_lib.Report, *, width: int, verbosity: int
) -> List[Line]:
  told = list(distinct.notes_of(report).items())
  shown = told if verbosity > 0 else told[:_NOTES]
  page: List[Line] = [Line()] if told else []
  for note, checks in shown:
    text = ", ".join(checks) + ": " + note if checks else note
    wrapped = lines.labelled("note", text, width=width)
    page += [Line(line, style="yellow") for line in wrapped]
  if len(shown) < len(told):
    left = wording.count(len(told) - len(shown), "more note")
    page.append(Line(f"... {left}, see -v"))
  return page


def _error_lines(
  report: report_lib.Report, *, width: int, verbosity: int
) -> List[Line]:
  if not report.error:
    return []
  limit = None if verbosity > 0 else _ERROR_LINES
  text = lines.wrapped(report.error, width=width, limit=limit)
  return [Line()] + [Line(line, style="magenta") for line in text]


def _verdict_line(report: report_lib.Report) -> Line:
  line = Line()
  badge = report.verdict.upper()
  line.append(badge, style=_BADGES.get(report.verdict, "bold"))
  line.append(" " * (6 - len(badge)))
  line.append(report.case, style="bold")
  line.append(f": {figures.tally(report)}, {figures.seconds(report.seconds)}")
  return line
