"""`parity record`: what does a side give, stored so that others can be held to?

An existing golden is refused, unless `--update` asks to replace it; then what
would change is shown first.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import TYPE_CHECKING, Any

from parity.cli import arguments as arguments_lib
from parity.cli import failure
from parity.cli import printing
from parity.cli import services as services_lib
from parity.records import options as options_lib
from parity.records import vocabulary

if TYPE_CHECKING:
  from parity.records import changes as changes_lib

_DESCRIPTION = """\
Runs one side of a case as its checks need it, and stores what it gave: inputs,
variables with their initial values, outputs, losses, random draws, and where
it ran. The golden is a directory, written whole or not at all."""

_EPILOG = """\
example, in genuine TensorFlow 1.15:
  parity record my_model_parity.py --cell tf1.15 --out goldens/my_model \\
      --numerics strict

and then, in any other:
  parity verify my_model_parity.py --golden goldens/my_model"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  parser = commands.add_parser(
    "record",
    help="store what a side gives, as a golden",
    description=_DESCRIPTION,
    epilog=_EPILOG,
  )
  parser.add_argument(
    "target",
    metavar="FILE[:NAME]",
    help="a case file, and the case's name in it where it is not CASE",
  )
  parser.add_argument(
    "--out", required=True, metavar="GOLDEN", help="the golden's directory"
  )
  parser.add_argument(
    "--side",
    choices=vocabulary.SIDES,
    default="tf1",
    help="which side to record (default tf1)",
  )
  parser.add_argument(
    "--update",
    action="store_true",
    help="replace a golden that is there, after showing what changes",
  )
  parser.add_argument(
    "--trace",
    action="store_true",
    help=(
      "store the ops too, so that `verify` can prove rounding and name causes"
      " where neither this version nor this machine is at hand"
    ),
  )
  arguments_lib.add_steps(parser)
  arguments_lib.add_seed(parser)
  arguments_lib.add_running(parser)
  arguments_lib.add_cell(parser)
  arguments_lib.add_loudness(parser)


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Records the side and says what was stored."""
  from parity.report import golden as golden_report
  from parity.report import progress
  from parity.report import terminal

  width = terminal.make_console(sys.stdout).width

  def tell(changes: changes_lib.Changes) -> None:
    if not arguments.quiet:
      printing.print_lines(
        golden_report.changes_lines(
          changes, width=width, verbosity=arguments.verbose
        )
      )
      sys.stdout.flush()

  options = options_lib.Options(
    steps=arguments_lib.check_names(arguments.steps, tuple(vocabulary.CHECKS)),
    seed=arguments.seed,
    isolate=not arguments.no_isolate,
    timeout=arguments.timeout,
    numerics=arguments.numerics,
  )
  options = arguments_lib.in_cells(options, **{arguments.side: arguments.cell})
  with contextlib.ExitStack() as stack:
    watch = None
    if not arguments.quiet:
      console = terminal.make_console(sys.stderr)
      watch = stack.enter_context(progress.watching(console))
    bundle = services.record(
      arguments.target,
      out=arguments.out,
      side=arguments.side,
      update=arguments.update,
      trace=arguments.trace,
      options=options,
      watch=watch,
      tell=tell,
    )
  printing.print_lines([f"recorded  {golden_report.summary(bundle)}"])
  return failure.PASS
