"""`parity show`: what does a golden hold? Needs no TensorFlow."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from parity.cli import failure
from parity.cli import printing
from parity.cli import services as services_lib

_DESCRIPTION = """\
Reads a golden, verifies its checksums, and says what it holds and where it was
recorded. Needs no TensorFlow."""

_EPILOG = """\
example:
  parity show goldens/my_model -v"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  parser = commands.add_parser(
    "show",
    help="say what a golden holds",
    description=_DESCRIPTION,
    epilog=_EPILOG,
  )
  parser.add_argument("golden", metavar="GOLDEN", help="the golden's directory")
  parser.add_argument(
    "-v",
    "--verbose",
    action="count",
    default=0,
    help="also every tensor, with its shape and range",
  )


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Prints what the golden holds."""
  from parity.report import golden as golden_report
  from parity.report import terminal

  bundle = services.read_golden(arguments.golden)
  width = min(terminal.make_console(sys.stdout).width, 120)
  printing.print_lines(
    golden_report.golden_lines(bundle, width=width, verbosity=arguments.verbose)
  )
  return failure.PASS
