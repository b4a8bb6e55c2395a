"""`parity audit`: how much would a case notice? Mutates its port."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from parity import errors
from parity.cli import arguments as arguments_lib
from parity.cli import failure
from parity.cli import printing
from parity.cli import reporting
from parity.cli import services as services_lib
from parity.records import audit as audit_lib
from parity.records import options as options_lib
from parity.records import vocabulary

_DESCRIPTION = """\
Mutates the port of a case op by op, as a person might err: swaps operands,
transposes a square kernel, changes an epsilon, a rate or an activation, leaves
out a bias or an update, shifts a draw. Says which mutations every check misses,
and what to change in the case to see them."""

_EPILOG = """\
example:
  parity audit my_model_parity.py
  parity audit my_model_parity.py --budget 500 --fail-under 90 --json audit.json

exit status: 0; with --fail-under 1 where a smaller share is noticed; 2 bad
input; 3 the port could not be traced"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  parser = commands.add_parser(
    "audit",
    help="say how much a case would notice",
    description=_DESCRIPTION,
    epilog=_EPILOG,
  )
  parser.add_argument(
    "target",
    metavar="FILE[:NAME]",
    help="a case file, and the case's name in it where it is not CASE",
  )
  parser.add_argument(
    "--budget",
    type=int,
    default=audit_lib.BUDGET,
    metavar="N",
    help=f"try at most so many mutations (default {audit_lib.BUDGET})",
  )
  parser.add_argument(
    "--fail-under",
    type=float,
    default=None,
    metavar="PERCENT",
    help="end with status 1 where a smaller share is noticed",
  )
  arguments_lib.add_steps(parser)
  parser.add_argument("--json", metavar="OUT", help="also write it as JSON")
  arguments_lib.add_seed(parser)
  arguments_lib.add_running(parser)
  arguments_lib.add_cell(parser)
  arguments_lib.add_loudness(parser)


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Audits the case and gives the exit status."""
  from parity.report import audit as audit_report
  from parity.report import files
  from parity.report import progress
  from parity.report import terminal

  if arguments.budget < 1:
    raise errors.UsageError(
      f"--budget must be at least 1, found {arguments.budget}."
    )
  limit = arguments.fail_under
  if limit is not None and not 0 <= limit <= 100:
    raise errors.UsageError(
      f"--fail-under is a share between 0 and 100, found {limit:g}."
    )
  reporting.prepare_outputs(arguments, ("json",))
  settings = {"budget": arguments.budget, "options": _options(arguments)}
  if arguments.quiet:
    audit = services.audit(arguments.target, watch=None, **settings)
  else:
    with progress.watching(terminal.make_console(sys.stderr)) as watch:
      audit = services.audit(arguments.target, watch=watch, **settings)
  if arguments.json is not None:
    files.write(audit_report.to_json(audit), arguments.json)
  width = min(terminal.make_console(sys.stdout).width, 120)
  verbosity = -1 if arguments.quiet else arguments.verbose
  printing.print_lines(
    audit_report.audit_lines(audit, width=width, verbosity=verbosity)
  )
  if limit is None:
    return failure.PASS
  is_enough = audit.noticed >= limit / 100 * len(audit.outcomes)
  return failure.PASS if is_enough and audit.outcomes else failure.FAIL


def _options(arguments: argparse.Namespace) -> options_lib.Options:
  options = options_lib.Options(
    steps=arguments_lib.check_names(arguments.steps, tuple(vocabulary.CHECKS)),
    seed=arguments.seed,
    isolate=not arguments.no_isolate,
    timeout=arguments.timeout,
    numerics=arguments.numerics,
  )
  return arguments_lib.in_cells(options, tf2=arguments.cell)
