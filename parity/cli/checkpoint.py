"""`parity checkpoint`: what does it hold, and which entry is which variable?"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from parity import errors
from parity.cli import arguments as arguments_lib
from parity.cli import failure
from parity.cli import printing
from parity.cli import services as services_lib
from parity.records import options as options_lib

_DESCRIPTION = """\
`ls` lists a name-based TF1.x checkpoint: each variable with its shape, dtype,
and the slots and moving averages that belong to it. `map` runs the port of a
case once, and proposes the `rename` that gives its variables their entries, by
shape, order and name; it says how sure it is and what fits nowhere."""

_EPILOG = """\
example:
  parity checkpoint ls trained/model.ckpt-1000
  parity checkpoint map trained/model.ckpt-1000 my_model_parity.py

Then put `checkpoint="trained/model.ckpt-1000"` and the proposed `rename` into
the case: `parity check` restores both sides, and says what was not restored.

exit status: 0 every variable of the port has an entry, or a proposal that
renaming makes true; 1 one has none; 2 bad input"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  parser = commands.add_parser(
    "checkpoint",
    help="list a TF1.x checkpoint, and map it to a port",
    description=_DESCRIPTION,
    epilog=_EPILOG,
  )
  parser.add_argument("action", choices=("ls", "map"), help="ls or map")
  parser.add_argument(
    "prefix",
    metavar="PREFIX",
    help="the checkpoint: its prefix, one of its files, or its folder",
  )
  parser.add_argument(
    "target",
    nargs="?",
    metavar="FILE[:NAME]",
    help="with map: the case file, and the case's name where it is not CASE",
  )
  arguments_lib.add_cell(parser)


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Lists or maps the checkpoint."""
  if arguments.action == "ls":
    return _list(arguments, services)
  return _map(arguments, services)


def _list(
  arguments: argparse.Namespace, services: services_lib.Services
) -> int:
  from parity.report import checkpoint as checkpoint_report

  if arguments.target is not None:
    raise errors.UsageError(
      "`parity checkpoint ls` takes one checkpoint and no case; `parity"
      " checkpoint map` takes both."
    )
  listing = services.read_checkpoint(
    arguments.prefix, options=_options(arguments, "tf1")
  )
  printing.print_lines(checkpoint_report.listing_lines(listing))
  return failure.PASS


def _map(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  from parity.report import checkpoint as checkpoint_report
  from parity.report import terminal

  if arguments.target is None:
    raise errors.UsageError(
      "`parity checkpoint map` needs a case beside the checkpoint: parity"
      f" checkpoint map {arguments.prefix} my_model_parity.py"
    )
  mapping = services.map_checkpoint(
    arguments.prefix, arguments.target, options=_options(arguments, "tf2")
  )
  width = min(terminal.make_console(sys.stdout).width, 120)
  printing.print_lines(checkpoint_report.mapping_lines(mapping, width=width))
  return failure.PASS if mapping.is_complete else failure.FAIL


def _options(arguments: argparse.Namespace, side: str) -> options_lib.Options:
  return arguments_lib.in_cells(options_lib.Options(), **{side: arguments.cell})
