"""How does a command hand its reports over? To the terminal, and in files.

The files are written before the report is printed, and also when the command
ends with an error: then they hold that error, so that nobody reads the verdict
of an earlier run.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import shlex
import sys
from typing import TYPE_CHECKING, Iterator, List, Optional, Sequence, Tuple

from parity import errors
from parity.cli import arguments as arguments_lib

if TYPE_CHECKING:
  from parity.records import report as report_lib

# Forms of a report by flag, in the order of --help.
FORMS = {
  "html": "as one HTML page that stands alone, with charts and the user's code",
  "json": "as JSON, parity.report/1 (several cases: parity.reports/1)",
  "junit": "as JUnit XML, a test case a check",
  "markdown": "as Markdown, for a pull request",
}


def add_outputs(parser: arguments_lib.Parser) -> None:
  """Adds the flags that write the report into files."""
  for name, what in FORMS.items():
    parser.add_argument(
      f"--{name}", metavar="OUT", help=f"also write the report {what}"
    )
  add_annotations(parser)


def add_annotations(parser: arguments_lib.Parser) -> None:
  """Adds the flag that prints annotations."""
  parser.add_argument(
    "--annotations",
    action="store_true",
    help="also print each finding as a GitHub annotation on the user's line",
  )


def prepare_outputs(
  arguments: argparse.Namespace, forms: Sequence[str] = tuple(FORMS)
) -> None:
  """Refuses what cannot be written, and removes what an earlier run left."""
  for name in forms:
    path = getattr(arguments, name)
    if path is not None:
      require_writable(path, flag=f"--{name}")
  for name in forms:
    path = getattr(arguments, name)
    if path is not None and os.path.isfile(path) and not os.path.islink(path):
      # Else a run that is killed leaves the verdict of another.
      os.unlink(path)


def hand_over(
  reports: Sequence[report_lib.Report],
  arguments: argparse.Namespace,
  *,
  several: bool = False,
) -> None:
  """Writes the files that were asked for, then prints the reports.

  Args:
    reports: one a case.
    arguments: the command's.
    several: whether several cases were named, so that JSON holds a list.
  """
  targets = getattr(arguments, "targets", ())
  names = targets if len(targets) == len(reports) else [""] * len(reports)
  reports = [
    dataclasses.replace(
      report, command=again(arguments.argv, targets=targets, target=name)
    )
    for report, name in zip(reports, names)
  ]
  try:
    write_outputs(reports, arguments, several=several)
  finally:
    # A file that cannot be written costs nobody the minutes of work.
    verbosity = -1 if arguments.quiet else arguments.verbose
    print_reports(reports, verbosity=verbosity)
  if arguments.annotations:
    from parity.report import annotations

    for line in annotations.annotation_lines(reports):
      print(line)


def print_reports(
  reports: Sequence[report_lib.Report], *, verbosity: int
) -> None:
  """Prints each report, and for several a line each below them."""
  from parity.report import terminal

  console = terminal.make_console(sys.stdout)
  for report in reports:
    terminal.print_report(report, console=console, verbosity=verbosity)
    if len(reports) > 1 and verbosity >= 0:
      print()
  if len(reports) > 1 and verbosity >= 0:
    terminal.print_summary(reports, console=console)


def write_outputs(
  reports: Sequence[report_lib.Report],
  arguments: argparse.Namespace,
  *,
  several: bool,
) -> None:
  """Writes the reports in each form that was asked for."""
  from parity.report import files

  if arguments.json is not None:
    _write_json(reports, arguments.json, several=several)
  if arguments.junit is not None:
    from parity.report import junit

    files.write(junit.reports_to_junit(reports), arguments.junit)
  if arguments.markdown is not None:
    from parity.report import markdown

    files.write(markdown.reports_to_markdown(reports), arguments.markdown)
  if arguments.html is not None:
    from parity.report.html import page

    files.write(page.reports_page(reports), arguments.html)


def _write_json(
  reports: Sequence[report_lib.Report], path: str, *, several: bool
) -> None:
  from parity.report import json as json_report

  if several or len(reports) != 1:
    plain = json_report.reports_to_plain(reports)
  else:
    plain = json_report.report_to_plain(reports[0])
  json_report.write(plain, path)


@contextlib.contextmanager
def errors_written(
  targets: Sequence[str], arguments: argparse.Namespace
) -> Iterator[None]:
  """Puts what ends a command without a report into its files.

  Args:
    targets: the cases, as they were named.
    arguments: the command's.

  Yields:
    Nothing.
  """
  try:
    yield
  except BaseException as error:
    reports = _error_reports(targets, error)
    write_outputs(reports, arguments, several=len(reports) > 1)
    raise


def _error_reports(
  targets: Sequence[str], error: BaseException
) -> Tuple[report_lib.Report, ...]:
  from parity.records import report as report_lib

  text = str(error) or type(error).__name__
  return tuple(
    report_lib.Report(case=target, verdict="error", path=target, error=text)
    for target in targets
  )


def again(
  argv: Sequence[str], *, targets: Sequence[str] = (), target: str = ""
) -> str:
  """The command that gives a report again, to be pasted into a shell.

  What only says where to write or how loudly is left out, and so are the other
  cases.

  >>> again(
  ...   ["check", "a.py", "b.py", "--seed", "3", "--html", "o.html", "-v"],
  ...   targets=["a.py", "b.py"],
  ...   target="b.py",
  ... )
  'parity check b.py --seed 3'
  """
  flags = {f"--{name}" for name in FORMS}
  words: List[str] = ["parity"]
  is_value = False
  for word in argv:
    name, has_value, _ = word.partition("=")
    if is_value:
      is_value = False
    elif name in flags:
      is_value = not has_value
    elif word in ("--annotations", "--quiet", "--verbose", "-q") or (
      word.startswith("-v") and set(word[1:]) == {"v"}
    ):
      continue
    elif word == target or word not in targets:
      words.append(word)
  return " ".join(shlex.quote(word) for word in words)


def require_writable(path: str, *, flag: str = "--json") -> None:
  """Refuses before minutes of work what could not be written after them."""
  folder = os.path.dirname(os.path.abspath(path))
  problem: Optional[str] = None
  if os.path.isdir(path):
    problem = "that is a directory"
  elif not os.path.isdir(folder):
    problem = f"there is no directory {folder}"
  elif not os.access(folder, os.W_OK):
    problem = f"{folder} may not be written"
  if problem is not None:
    raise errors.UsageError(f"Cannot write {flag} {path}: {problem}.")
