"""How does a pull request show a finding on the user's own line?

As a workflow command of GitHub Actions, one line on standard output a finding:
`::error file=model.py,line=12,title=constant::message`. The line is the port's,
for that is what will be changed; where only the tf1 side's is known, that one.
A note is a `notice`; what could not run is an `error` on the case file.

Escaping is the runner's own: `%`, CR and LF in a message, also `:` and `,` in a
property; so no name of a model can begin another command. See
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import os
from typing import Dict, List, Optional, Sequence

from parity.records import report as report_lib
from parity.report import distinct
from parity.report import printable


def annotation_lines(
  reports: Sequence[report_lib.Report],
  *,
  root: Optional[str] = None,
  level: str = "error",
) -> List[str]:
  """A line a finding, and one for what could not run.

  Args:
    reports: what to tell.
    level: of what is no note: `error`, or `warning` where it gates nothing.
    root: paths below this directory are given relative to it, as GitHub wants
      them; None for the working directory.
  """
  root = os.getcwd() if root is None else root
  lines: List[str] = []
  for report in reports:
    lines += [
      _of_finding(item, report, root, level)
      for item in distinct.distinct_findings(report)
    ]
    broken: Dict[str, List[str]] = {}
    if report.error:
      broken[report.error] = []
    for check in report.checks:
      if check.status == "error" and check.reason:
        broken.setdefault(check.reason, []).append(check.name)
    for reason, checks in broken.items():
      title = f"{report.case}: {', '.join(checks) or 'the case'} could not run"
      lines.append(command(level, title, reason, source=report.path, root=root))
  return lines


def _of_finding(
  item: distinct.DistinctFinding,
  report: report_lib.Report,
  root: str,
  level: str,
) -> str:
  found = item.finding
  where = found.where
  message = found.message
  if found.hint:
    message += f"\nHint: {found.hint}"
  if where.tf2.source and where.tf1.source:
    message += f"\nOn the tf1 side: {_relative(where.tf1.source, root)}"
  return command(
    "notice" if found.is_note else level,
    f"{report.case}: {found.cause} in {item.check}",
    message,
    source=where.tf2.source or where.tf1.source or report.path,
    root=root,
  )


def command(
  level: str, title: str, message: str, *, source: Optional[str], root: str
) -> str:
  r"""A workflow command.

  >>> command("error", "a: b", "100%\nsure", source="/w/m.py:3", root="/w")
  '::error file=m.py,line=3,title=a%3A b::100%25%0Asure'
  """
  properties: List[str] = []
  if source:
    path, _, line = source.rpartition(":")
    if not path or not line.isdigit():
      path, line = source, ""
    properties.append(f"file={_property(_relative(path, root))}")
    if line:
      properties.append(f"line={line}")
  properties.append(f"title={_property(title)}")
  return f"::{level} {','.join(properties)}::{_escaped(message)}"


def _relative(path: str, root: str) -> str:
  """A path below the root, relative to it; else as it is."""
  inside = os.path.relpath(path, root) if os.path.isabs(path) else path
  return path if inside.startswith(os.pardir) else inside


def _escaped(text: str) -> str:
  for mark, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
    text = text.replace(mark, code)
  return printable.printable(text)


def _property(text: str) -> str:
  return _escaped(text).replace(":", "%3A").replace(",", "%2C")
