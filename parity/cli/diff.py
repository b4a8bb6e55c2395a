"""`parity diff`: do two goldens agree, under this tolerance or another?

Nothing is run and TensorFlow is not needed: stored recordings are judged again.
"""

from __future__ import annotations

import argparse
import math
from typing import Any, Optional

from parity.cli import arguments as arguments_lib
from parity.cli import failure
from parity.cli import reporting
from parity.cli import services as services_lib
from parity.records import options as options_lib
from parity.records import tolerance as tolerance_lib
from parity.records import vocabulary

_DESCRIPTION = """\
Judges two goldens of one case by its checks, tensor by tensor, and says in what
the places differ where they were recorded. Needs no TensorFlow."""

_EPILOG = """\
The limits are the case's own; with --rtol or --atol one limit holds for every
tensor, the other being that of the case's default.

example:
  parity diff goldens/on_1_15 goldens/on_2_21 --rtol 0 --atol 1e-7 -v"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  parser = commands.add_parser(
    "diff",
    help="judge two goldens again",
    description=_DESCRIPTION,
    epilog=_EPILOG,
  )
  parser.add_argument("reference", metavar="A", help="a golden's directory")
  parser.add_argument("other", metavar="B", help="what is held against it")
  for name, what in (("rtol", "relative"), ("atol", "absolute")):
    parser.add_argument(
      f"--{name}", type=limit, metavar="X", help=f"the {what} limit"
    )
  arguments_lib.add_steps(parser)
  reporting.add_outputs(parser)
  arguments_lib.add_loudness(parser)


def limit(text: str) -> float:
  """Reads a limit: a finite number of at least 0."""
  try:
    value = float(text)
  except ValueError:
    value = math.nan
  if not 0 <= value < math.inf:
    raise argparse.ArgumentTypeError(
      f"a limit is a finite number of at least 0, found {text!r}"
    )
  return value


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Judges the goldens and gives the exit status."""
  options = options_lib.Options(
    steps=arguments_lib.check_names(arguments.steps, tuple(vocabulary.CHECKS))
  )
  reporting.prepare_outputs(arguments)
  targets = [f"{arguments.reference}, {arguments.other}"]
  with reporting.errors_written(targets, arguments):
    tolerance = _tolerance(arguments, services)
    report = services.diff(
      arguments.reference,
      arguments.other,
      tolerance=tolerance,
      options=options,
    )
  reporting.hand_over([report], arguments)
  return failure.status_of_reports([report])


def _tolerance(
  arguments: argparse.Namespace, services: services_lib.Services
) -> Optional[tolerance_lib.Tolerance]:
  """The limit that was given, what is missing taken from the case."""
  if arguments.rtol is None and arguments.atol is None:
    return None
  own = services.read_golden(arguments.other).golden.case.tolerances.default
  return tolerance_lib.Tolerance(
    rtol=own.rtol if arguments.rtol is None else arguments.rtol,
    atol=own.atol if arguments.atol is None else arguments.atol,
  )
