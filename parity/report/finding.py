"""What does a finding look like to a person? One block, told once.

First what is wrong, then where, on both sides with the user's own source line
first, then the figures with what was allowed, then what to do about it.
"""

from __future__ import annotations

from typing import List, Tuple

from parity.records import report as report_lib
from parity.records import wording
from parity.report import block
from parity.report import distinct
from parity.report import figures
from parity.report import lines

_INDENT = "   "
_MESSAGE_LINES = 4
_HINT_LINES = 3


def title(item: distinct.DistinctFinding, *, width: int = 10**6) -> str:
  """Which checks met it; where that is too long for a line, how many."""
  text = f"in {item.check}"
  others = list(dict.fromkeys(other.check for other in item.also))
  others = [check for check in others if check != item.check]
  if not others:
    return text
  whole = f"{text}, also in {', '.join(others)}"
  if len(whole) <= width:
    return whole
  return f"{text}, also in {len(others)} more"


def finding_lines(
  item: distinct.DistinctFinding, *, width: int, verbosity: int = 0
) -> List[str]:
  """The block below the title, indented."""
  found = item.finding
  brief = verbosity <= 0
  text = lines.wrapped(
    found.message,
    width=width,
    indent=_INDENT,
    limit=_MESSAGE_LINES if brief else None,
  )
  for label, value in _places(found.where):
    text += lines.labelled(label, value, width=width, indent=_INDENT)
    text += _code(label, found.where, width=width)
  for label, value in figure_rows(item):
    text += lines.labelled(label, value, width=width, indent=_INDENT)
  if found.hint:
    text += lines.labelled(
      "hint",
      found.hint,
      width=width,
      indent=_INDENT,
      limit=_HINT_LINES if brief else None,
    )
  for issue in found.issues:
    text += lines.labelled("known", issue, width=width, indent=_INDENT)
  return text + _details(item, width=width, brief=brief)


def one_line(item: distinct.DistinctFinding, *, width: int) -> str:
  """The finding in one line: cause, place, line, message.

  The line is the port's, since that is what will be mended.
  """
  where = item.finding.where
  place = where.variable or where.output
  text = item.finding.cause
  source = where.tf2.source or where.tf1.source
  if source:
    text += f" {figures.source(source)}"
  if place and place not in item.finding.message:
    text += f" {place}"
  return lines.clipped(f"{text}: {item.finding.message}", width=width)


def _places(where: report_lib.Where) -> List[Tuple[str, str]]:
  found: List[Tuple[str, str]] = []
  at = [
    f"{kind} {name}"
    for kind, name in (("output", where.output), ("variable", where.variable))
    if name
  ]
  if at:
    found.append(("at", ", ".join(at)))
  for side, place in (("tf1", where.tf1), ("tf2", where.tf2)):
    op = " ".join(part for part in (place.op_type, place.op) if part)
    if not op and place.scope:
      op = f"scope {place.scope}"
    line = figures.source(place.source) if place.source else None
    text = "  ".join(part for part in (line, op) if part)
    if text:
      found.append((side, text))
  return found


def _code(label: str, where: report_lib.Where, *, width: int) -> List[str]:
  """The user's line at a place, below it."""
  place = {"tf1": where.tf1, "tf2": where.tf2}.get(label)
  if place is None or place.snippet is None or place.source is None:
    return []
  number = int(place.source.rpartition(":")[2]) - place.snippet.first
  code = place.snippet.lines[number].strip()
  indent = f"{_INDENT}{'':<{lines.LABEL_WIDTH}}| "
  return [indent + lines.clipped(code, width=width - len(indent))]


def figure_rows(item: distinct.DistinctFinding) -> List[Tuple[str, str]]:
  """The figures at a finding's place, each with its label."""
  found: List[Tuple[str, str]] = []
  pair = item.comparison
  if pair is not None:
    worst = block.worst_element(pair, "tf1", "tf2")
    if worst is not None:
      found.append(("worst", worst))
    if pair.mismatched:
      share = figures.share(pair.mismatched, pair.elements)
      found.append(("beyond", f"{share}{_passing(pair)}"))
  largest = block.largest_differences(
    item.finding.max_abs, item.finding.max_rel, item.finding.max_ulp
  )
  if item.finding.times_noise is not None:
    times = figures.number(item.finding.times_noise)
    largest.append(f"{times}x the rounding of tf1's own float32")
  if largest:
    found.append(("largest", ", ".join(largest)))
  if item.finding.pattern is not None:
    found.append(("pattern", item.finding.pattern))
  return found


def _passing(pair: report_lib.Comparison) -> str:
  """The smallest atol that would pass, where it is known."""
  if pair.passing_atol is None:
    return ""
  return f"; atol={figures.at_least(pair.passing_atol)} would pass"


def details_of(item: distinct.DistinctFinding) -> List[str]:
  """Further lines, and what other checks said of it in other words."""
  return [
    *item.finding.details,
    *(
      f"{other.check}: {other.finding.message}"
      for other in item.also
      if other.finding.message != item.finding.message
    ),
  ]


def _details(
  item: distinct.DistinctFinding, *, width: int, brief: bool
) -> List[str]:
  more = details_of(item)
  if not more:
    return []
  if brief:
    told = wording.count(len(more), "more line")
    return [f"{_INDENT}{'details':<{lines.LABEL_WIDTH}}{told} with -v"]
  text: List[str] = []
  for line in more:
    if line.startswith("  "):
      text.append(_INDENT + "  " + line)  # Code to paste: never wrapped.
    else:
      text += lines.wrapped(line, width=width, indent=_INDENT + "  ")
  return text
