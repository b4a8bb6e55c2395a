"""`parity cells`: which pairs of Python and TensorFlow are there, and where?"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any, Dict, List, Sequence

from parity import cells
from parity import errors
from parity.cli import failure
from parity.cli import services as services_lib

if TYPE_CHECKING:
  from parity.environments import places

_DESCRIPTION = """\
Lists the cells: pairs of Python and TensorFlow in which a side can run. `parity
cells install NAME...` makes them, with uv, from locks with hashes; the Python
that a cell needs is looked for, and else fetched."""

_EPILOG = """\
example:
  parity cells
  parity cells install tf1.15 tf2.15
  parity check my_model_parity.py --tf1-cell tf1.15

Environments lie below ~/.cache/parity/environments, or where the variable
PARITY_ENVIRONMENTS says. An interpreter of your own needs no install:
  parity check my_model_parity.py --cell mine=/path/to/python"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  parser = commands.add_parser(
    "cells",
    help="list the cells, and install them",
    description=_DESCRIPTION,
    epilog=_EPILOG,
  )
  parser.add_argument(
    "action",
    nargs="?",
    choices=("list", "install"),
    default="list",
    help="list (the default) or install",
  )
  parser.add_argument(
    "names", nargs="*", metavar="CELL", help="the cells to install"
  )
  parser.add_argument(
    "--json", action="store_true", help="list them as parity.cells/1"
  )


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Lists or installs cells."""
  del services  # Nothing of the pipeline runs.
  from parity.environments import places

  table = cells.load_table()
  if arguments.action == "install":
    return _install(arguments.names, table)
  if arguments.names:
    raise errors.UsageError(
      f"`parity cells list` lists all and takes no {arguments.names[0]!r}; did"
      " you mean `parity cells install`?"
    )
  found = places.find_all(table)
  if arguments.json:
    print(json.dumps(_plain(found, table), indent=2))
  else:
    for line in listing(found, default=table.default):
      print(line)
  return failure.PASS


def _install(names: Sequence[str], table: cells.Table) -> int:
  from parity.environments import places

  if not names:
    raise errors.UsageError(
      f"Name the cells to install: {', '.join(table.names)}."
    )
  for name in names:
    table.named(name)
  for name in names:
    cell = table.named(name)
    sys.stderr.write(
      f"cell {name}: Python {cell.python}, {cell.tensorflow} ...\n"
    )
    (made,) = places.install([name], table=table)
    how = f"made in {made.seconds:.0f} s" if made.seconds else "was there"
    print(f"{name}  {how}  {made.python}", flush=True)
  return failure.PASS


def listing(found: Sequence[places.Found], *, default: str) -> List[str]:
  """A line a cell, then what the words mean.

  Args:
    found: the cells.
    default: the name of the default cell.
  """
  rows = [("cell", "Python", "TensorFlow", "gates", "installed", "why")]
  for row in found:
    cell = row.cell
    tensorflow = cell.tensorflow.partition("==")[2] or "newest"
    why = cell.why + (" (the default cell)" if cell.name == default else "")
    rows.append((
      cell.name,
      cell.python,
      tensorflow,
      "yes" if cell.gates else "no",
      "yes" if row.environment else "no",
      why,
    ))  # fmt: skip
  widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
  lines = [
    "  ".join(f"{text:<{width}}" for text, width in zip(row, widths)).rstrip()
    for row in rows
  ]
  installed = [row for row in found if row.environment]
  if installed:
    lines.append("")
  for row in installed:
    assert row.environment is not None
    lines.append(f"{row.cell.name:<{widths[0]}}  {row.environment.python}")
  missing = [row.cell.name for row in found if not row.environment]
  if missing:
    lines += ["", f"`parity cells install {' '.join(missing)}` makes the rest."]
  return lines


def _plain(found: Sequence[places.Found], table: cells.Table) -> Dict[str, Any]:
  return {
    "schema": "parity.cells/1",
    "default": table.default,
    "cells": [
      {
        "name": row.cell.name,
        "python": row.cell.python,
        "tensorflow": row.cell.tensorflow,
        "why": row.cell.why,
        "gates": row.cell.gates,
        "interpreter": row.environment.python if row.environment else None,
      }
      for row in found
    ],
  }
