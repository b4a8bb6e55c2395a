"""What does `parity` do with its arguments? It finds the command and runs it.

Nothing but the standard library is imported for `--help`. An exception never
reaches the user: `failure` says what it means and with which status to end.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import Optional, Sequence

from parity import errors
from parity.cli import arguments as arguments_lib
from parity.cli import audit
from parity.cli import cells
from parity.cli import check
from parity.cli import checkpoint
from parity.cli import diff
from parity.cli import doctor
from parity.cli import failure
from parity.cli import interruption
from parity.cli import matrix
from parity.cli import record
from parity.cli import services as services_lib
from parity.cli import show
from parity.cli import verify

COMMANDS = {
  "check": check,
  "record": record,
  "verify": verify,
  "diff": diff,
  "show": show,
  "matrix": matrix,
  "audit": audit,
  "checkpoint": checkpoint,
  "cells": cells,
  "doctor": doctor,
}

_DESCRIPTION = """\
Is it still the same model, and if not, which line changed it? parity compares a
TF1.x forward pass with its TF2 port, check by check."""

_EPILOG = """\
example:
  parity check my_model_parity.py

where my_model_parity.py says once what is to be compared:
  import parity
  CASE = parity.Case(
      inputs=lambda rng: {"x": rng.normal(size=(2, 8)).astype("float32")},
      tf1=my_tf1_model,   # called as tf1(inputs, training) in a tf.Graph
      tf2=MyPort)         # returns the port: port(inputs, training=...)

exit status:
  0 every case passes    1 a case fails    2 bad usage or bad input
  3 a check could not run; of several cases the highest counts
  130 interrupted"""


class _Version(argparse.Action):
  """Prints the version; `import parity` waits until it is asked for."""

  def __call__(
    self,
    parser: argparse.ArgumentParser,
    namespace: argparse.Namespace,
    values: object,
    option_string: Optional[str] = None,
  ) -> None:
    del namespace, values, option_string  # argparse gives them to every action.
    print(f"parity {_version()}")
    parser.exit()


def _version() -> str:
  """Parity's version: its own word, else that of the installed package."""
  import parity

  own = getattr(parity, "__version__", None)
  if own is not None:
    return str(own)
  try:
    metadata = importlib.import_module("importlib.metadata")
  except ImportError:  # Python 3.7.
    return "of unknown version"
  try:
    return str(metadata.version("tf-parity"))
  except metadata.PackageNotFoundError:
    return "of unknown version (a checkout that is not installed)"


def make_parser() -> arguments_lib.Parser:
  """The parser of the whole command line."""
  parser = arguments_lib.Parser(
    prog="parity", description=_DESCRIPTION, epilog=_EPILOG
  )
  parser.add_argument(
    "--version", action=_Version, nargs=0, help="print the version and exit"
  )
  commands = parser.add_subparsers(
    dest="command", metavar="COMMAND", title="commands"
  )
  for module in COMMANDS.values():
    module.add_parser(commands)
  parser.set_defaults(commands=commands)
  return parser


def main(
  argv: Optional[Sequence[str]] = None,
  *,
  services: Optional[services_lib.Services] = None,
) -> int:
  """Runs the command line.

  Args:
    argv: the arguments; None for those of the process.
    services: the pipeline; None for the real one.

  Returns:
    The exit status; see `failure`.
  """
  argv = sys.argv[1:] if argv is None else list(argv)
  _make_lenient()
  verbose = bool(os.environ.get("PARITY_DEBUG")) or any(
    argument in ("-v", "-vv", "--verbose") for argument in argv
  )
  try:
    with interruption.obeyed_once():
      status = _run(argv, services or services_lib.Services())
      sys.stdout.flush()
  except SystemExit as done:  # argparse has printed the help or the version.
    return done.code if isinstance(done.code, int) else failure.PASS
  except BrokenPipeError:
    # Else Python complains once more when it flushes at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return failure.CLOSED
  except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001
    return failure.tell(error, stream=sys.stderr, verbose=verbose)
  return status


def _make_lenient() -> None:
  """A name that the terminal's encoding lacks is escaped, not an error."""
  for stream in (sys.stdout, sys.stderr):
    if hasattr(stream, "reconfigure"):
      stream.reconfigure(errors="backslashreplace")


def _run(argv: Sequence[str], services: services_lib.Services) -> int:
  parser = make_parser()
  for argument in argv:
    if not argument.startswith("-"):
      if argument not in COMMANDS:
        raise errors.UsageError(
          arguments_lib.unknown_name("command", argument, list(COMMANDS))
        )
      break
  arguments, unknown = parser.parse_known_args(argv)
  if arguments.command is None:
    if unknown:
      _refuse(unknown[0], parser)
    parser.print_help(sys.stderr)
    return failure.USAGE
  if unknown:
    _refuse(unknown[0], arguments.commands.choices[arguments.command])
  arguments.argv = list(argv)
  status: int = COMMANDS[arguments.command].run(arguments, services)
  return status


def _refuse(argument: str, parser: arguments_lib.Parser) -> None:
  if argument.startswith("-"):
    flag = argument.split("=", maxsplit=1)[0]
    raise errors.UsageError(
      arguments_lib.unknown_name("flag", flag, parser.flags)
    )
  raise errors.UsageError(
    f"{parser.prog} takes no argument {argument!r}; see `{parser.prog} --help`."
  )
