"""How does a command hand its reports over? To the terminal, and as JSON.

The JSON file is written before the report is printed, and also when the command
ends with an error: then it holds that error, so that nobody reads the verdict
of an earlier run.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Iterator, Optional, Sequence, Tuple

from parity import errors

if TYPE_CHECKING:
  from parity.records import report as report_lib


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


def write_json(
  reports: Sequence[report_lib.Report], path: str, *, several: bool
) -> None:
  """Writes `parity.report/1`; of several cases `parity.reports/1`."""
  from parity.report import json as json_report

  if several or len(reports) != 1:
    plain = json_report.reports_to_plain(reports)
  else:
    plain = json_report.report_to_plain(reports[0])
  json_report.write(plain, path)


@contextlib.contextmanager
def errors_written(
  targets: Sequence[str], path: Optional[str]
) -> Iterator[None]:
  """Puts what ends a command without a report into its JSON file.

  Args:
    targets: the cases, as they were named.
    path: the JSON file; None for none.

  Yields:
    Nothing.
  """
  try:
    yield
  except BaseException as error:
    if path is not None:
      reports = _error_reports(targets, error)
      write_json(reports, path, several=len(reports) > 1)
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
