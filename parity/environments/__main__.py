"""Builds the environments of cells where they are not there, and names them.

    python -m parity.environments tf2.8 [--lock LOCK]

prints one line of JSON: the `name` that every machine knows it by (see
by_lock), the `folder` and the `python`. Bazel's repository rule asks so, by
`dev.py environment`, which brings uv.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
from typing import Optional, Sequence

from parity import cells
from parity import errors
from parity.environments import builds
from parity.environments import by_lock
from parity.environments import locks
from parity.environments import uv as uv_lib


def main(argv: Optional[Sequence[str]] = None) -> int:
  """Runs the command line; None stands for the process's arguments."""
  parser = argparse.ArgumentParser(prog="python -m parity.environments")
  parser.add_argument("cell", help="a cell of the table")
  parser.add_argument("--lock", type=pathlib.Path, help="instead of its own")
  arguments = parser.parse_args(argv)
  try:
    table = cells.load_table()
    cell = table.named(arguments.cell)
    lock = arguments.lock or locks.working(cell, table)
    made = builds.ensure(cell, lock, uv=uv_lib.require())
    name = by_lock.link(made, cell, lock)
  except errors.ParityError as error:
    sys.stderr.write(f"cell {arguments.cell}: {error}\n")
    return 1
  plain = {"name": name, "folder": str(made.folder), "python": made.python}
  sys.stdout.write(json.dumps(plain) + "\n")
  return 0


if __name__ == "__main__":
  sys.exit(main())
