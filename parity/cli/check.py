"""`parity check`: is the port still the same model, and if not, why?"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, List, Tuple

from parity import errors
from parity.cli import arguments as arguments_lib
from parity.cli import failure
from parity.cli import printing
from parity.cli import reporting
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
  parity check my_model_parity.py --steps variables_match,random_inference -v
  parity check my_model_parity.py --html report.html
  parity check my_model_parity.py --tf1-cell tf1.15 --tf2-cell tf2.21"""


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
  arguments_lib.add_steps(parser)
  reporting.add_outputs(parser)
  parser.add_argument(
    "--strict",
    action="store_true",
    help="also fail on differences that are proved to be rounding",
  )
  arguments_lib.add_seed(parser)
  arguments_lib.add_running(parser)
  arguments_lib.add_cell(parser)
  for side in vocabulary.SIDES:
    parser.add_argument(
      f"--{side}-cell",
      metavar="NAME[=PYTHON]",
      help=f"run the {side} side in this cell (see `parity cells`)",
    )
  parser.add_argument(
    "--list",
    action="store_true",
    help="say what the files hold and would be checked, and check nothing",
  )
  arguments_lib.add_loudness(parser)


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Checks the cases and gives the exit status."""
  options = _options(arguments)
  if arguments.list:
    facts = services.describe(arguments.targets, options=options)
    for case in facts:
      printing.print_lines(_description(case, options))
    return failure.PASS
  reporting.prepare_outputs(arguments)
  with reporting.errors_written(arguments.targets, arguments):
    reports = _checked(arguments, options, services)
    if not reports:
      raise errors.ParityError(
        f"No case was checked in {', '.join(arguments.targets)}."
      )
  reporting.hand_over(reports, arguments, several=len(arguments.targets) > 1)
  return failure.status_of_reports(reports)


def _options(arguments: argparse.Namespace) -> options_lib.Options:
  options = options_lib.Options(
    steps=arguments_lib.check_names(arguments.steps, tuple(vocabulary.CHECKS)),
    strict=arguments.strict,
    seed=arguments.seed,
    isolate=not arguments.no_isolate,
    timeout=arguments.timeout,
    numerics=arguments.numerics,
  )
  return arguments_lib.in_cells(
    options,
    tf1=arguments.tf1_cell or arguments.cell,
    tf2=arguments.tf2_cell or arguments.cell,
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


def _description(
  case: facts_lib.CaseFacts, options: options_lib.Options
) -> List[str]:
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
  return lines
