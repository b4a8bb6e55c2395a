"""`parity check`: is the port still the same model, and if not, why?

The JSON file is written before the report is printed, and also when the check
ends with an error: then it holds that error, so that nobody reads the verdict
of an earlier run.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any, Iterator, Optional, Sequence, Tuple

from parity import errors
from parity.cli import arguments as arguments_lib
from parity.cli import failure
from parity.cli import services as services_lib
from parity.records import options as options_lib
from parity.records import vocabulary

if TYPE_CHECKING:
  from parity.records import facts as facts_lib
  from parity.records import report as report_lib

_DESCRIPTION = """\
Runs both sides of each case, compares them check by check, and says where they
part and why."""

_EPILOG = """\
checks, in their order:
{checks}

example:
  parity check my_model_parity.py
  parity check a_parity.py b_parity.py:SMALL --json reports.json
  parity check my_model_parity.py --steps variables_match,random_inference -v"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  checks = "\n".join(
    f"  {name:<24}{what}" for name, what in vocabulary.CHECKS.items()
  )
  parser = commands.add_parser(
    "check",
    help="compare a TF1.x model with its TF2 port",
    description=_DESCRIPTION,
    epilog=_EPILOG.format(checks=checks),
  )
  parser.add_argument(
    "targets",
    nargs="+",
    metavar="FILE[:NAME]",
    help="a case file, and the case's name in it where it is not CASE",
  )
  parser.add_argument(
    "--steps",
    action="append",
    default=[],
    metavar="A,B",
    help="run only these checks",
  )
  parser.add_argument(
    "--json",
    metavar="OUT",
    help="write the report to this file (several cases: one parity.reports/1)",
  )
  parser.add_argument(
    "--strict",
    action="store_true",
    help="also fail on differences that are proved to be rounding",
  )
  parser.add_argument(
    "--seed",
    type=arguments_lib.seed,
    metavar="N",
    help="replace the cases' seed",
  )
  parser.add_argument(
    "--no-isolate",
    action="store_true",
    help="run both sides in this process, for a debugger",
  )
  parser.add_argument(
    "--timeout",
    type=arguments_lib.positive_seconds,
    metavar="S",
    help="seconds that one run of one side may take",
  )
  parser.add_argument(
    "--numerics",
    choices=("default", "strict"),
    default="default",
    help="strict: oneDNN off, TF32 off, deterministic ops, one thread",
  )
  parser.add_argument(
    "--list",
    action="store_true",
    help="say what the files hold and would be checked, and check nothing",
  )
  loudness = parser.add_mutually_exclusive_group()
  loudness.add_argument(
    "-q",
    "--quiet",
    action="store_true",
    help="only the verdict and one line a finding; no progress",
  )
  loudness.add_argument(
    "-v",
    "--verbose",
    action="count",
    default=0,
    help="all findings with their details; twice: every compared pair",
  )
  parser.flags += ["--quiet", "--verbose"]


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Checks the cases and gives the exit status."""
  options = _options(arguments)
  if arguments.list:
    facts = services.describe(arguments.targets, options=options)
    for case in facts:
      print(_description(case, options))
    return failure.PASS
  if arguments.json is not None:
    _require_writable(arguments.json)
  with _errors_written(arguments):
    reports = _checked(arguments, options, services)
    if not reports:
      raise errors.ParityError(
        f"No case was checked in {', '.join(arguments.targets)}."
      )
  if arguments.json is not None:
    _write(reports, arguments.json, several=len(arguments.targets) > 1)
  _print(reports, verbosity=-1 if arguments.quiet else arguments.verbose)
  return failure.status_of_reports(reports)


def _options(arguments: argparse.Namespace) -> options_lib.Options:
  return options_lib.Options(
    steps=arguments_lib.check_names(arguments.steps, tuple(vocabulary.CHECKS)),
    strict=arguments.strict,
    seed=arguments.seed,
    isolate=not arguments.no_isolate,
    timeout=arguments.timeout,
    numerics=arguments.numerics,
  )


def _checked(
  arguments: argparse.Namespace,
  options: options_lib.Options,
  services: services_lib.Services,
) -> Tuple[report_lib.Report, ...]:
  if arguments.quiet:
    return services.check_files(arguments.targets, options=options, watch=None)
  from parity.report import progress
  from parity.report import terminal

  with progress.watching(terminal.make_console(sys.stderr)) as watch:
    return services.check_files(arguments.targets, options=options, watch=watch)


def _print(reports: Sequence[report_lib.Report], *, verbosity: int) -> None:
  from parity.report import terminal

  console = terminal.make_console(sys.stdout)
  for report in reports:
    terminal.print_report(report, console=console, verbosity=verbosity)
    if len(reports) > 1 and verbosity >= 0:
      print()
  if len(reports) > 1 and verbosity >= 0:
    terminal.print_summary(reports, console=console)


def _write(
  reports: Sequence[report_lib.Report], path: str, *, several: bool
) -> None:
  from parity.report import json as json_report

  if several or len(reports) != 1:
    plain = json_report.reports_to_plain(reports)
  else:
    plain = json_report.report_to_plain(reports[0])
  json_report.write(plain, path)


@contextlib.contextmanager
def _errors_written(arguments: argparse.Namespace) -> Iterator[None]:
  """What ends the check without a report is put into the JSON file."""
  try:
    yield
  except BaseException as error:
    if arguments.json is not None:
      reports = _error_reports(arguments.targets, error)
      _write(reports, arguments.json, several=len(reports) > 1)
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


def _require_writable(path: str) -> None:
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
    raise errors.UsageError(f"Cannot write --json {path}: {problem}.")


def _description(
  case: facts_lib.CaseFacts, options: options_lib.Options
) -> str:
  sides = [
    side
    for side, there in (("tf1", case.has_tf1), ("tf2", case.has_tf2))
    if there
  ]
  asks = [
    name
    for name, there in (
      ("loss", case.has_loss),
      ("optimizers", case.has_optimizers),
      ("checkpoint", case.has_checkpoint),
    )
    if there
  ]
  seed = case.seed if options.seed is None else options.seed
  steps = options.steps or case.steps
  limit = case.tolerances.default
  rules = len(case.tolerances.rules)
  lines = [
    f"{case.name}  {case.path or ''}".rstrip(),
    f"  sides      {', '.join(sides) or 'none'}",
    f"  has        {', '.join(asks) or 'no loss, optimizers or checkpoint'}",
    f"  checks     {', '.join(steps) or 'all that apply'}",
    f"  seed       {seed}",
    f"  tolerance  rtol {limit.rtol:g}, atol {limit.atol:g}"
    + (f", and {rules} by name" if rules else ""),
  ]
  if case.tags:
    lines.append(f"  tags       {', '.join(case.tags)}")
  return "\n".join(lines)
