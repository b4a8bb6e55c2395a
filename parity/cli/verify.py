"""`parity verify`: does a side still give what a golden holds?"""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import Any

from parity.cli import arguments as arguments_lib
from parity.cli import failure
from parity.cli import reporting
from parity.cli import services as services_lib
from parity.records import options as options_lib
from parity.records import vocabulary

_DESCRIPTION = """\
Runs one side of a case and judges it by the case's checks against a golden: the
port against a tf1 golden, or a side against its own golden from another
version. Seed and strict numerics are the golden's."""

_EPILOG = """\
example:
  parity verify my_model_parity.py --golden goldens/my_model
  parity verify my_model_parity.py --golden goldens/my_model --side tf1"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  parser = commands.add_parser(
    "verify",
    help="check a side against a golden",
    description=_DESCRIPTION,
    epilog=_EPILOG,
  )
  parser.add_argument(
    "target",
    metavar="FILE[:NAME]",
    help="a case file, and the case's name in it where it is not CASE",
  )
  parser.add_argument(
    "--golden", required=True, metavar="GOLDEN", help="the golden's directory"
  )
  parser.add_argument(
    "--side",
    choices=vocabulary.SIDES,
    default="tf2",
    help="which side to run (default tf2)",
  )
  arguments_lib.add_steps(parser)
  reporting.add_outputs(parser)
  parser.add_argument(
    "--strict",
    action="store_true",
    help="also fail on differences that are proved to be rounding",
  )
  arguments_lib.add_running(parser)
  arguments_lib.add_cell(parser)
  arguments_lib.add_loudness(parser)


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Verifies the case and gives the exit status."""
  options = options_lib.Options(
    steps=arguments_lib.check_names(arguments.steps, tuple(vocabulary.CHECKS)),
    strict=arguments.strict,
    isolate=not arguments.no_isolate,
    timeout=arguments.timeout,
    numerics=arguments.numerics,
  )
  options = arguments_lib.in_cells(options, **{arguments.side: arguments.cell})
  reporting.prepare_outputs(arguments)
  with contextlib.ExitStack() as stack:
    stack.enter_context(reporting.errors_written([arguments.target], arguments))
    watch = None
    if not arguments.quiet:
      from parity.report import progress
      from parity.report import terminal

      console = terminal.make_console(sys.stderr)
      watch = stack.enter_context(progress.watching(console))
    report = services.verify(
      arguments.target,
      arguments.golden,
      side=arguments.side,
      options=options,
      watch=watch,
    )
  reporting.hand_over([report], arguments)
  return failure.status_of_reports([report])
