"""`parity matrix`: is it the same model in every cell?"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import sys
from typing import TYPE_CHECKING, Any, List

from parity import cells
from parity import errors
from parity.cli import arguments as arguments_lib
from parity.cli import failure
from parity.cli import printing
from parity.cli import reporting
from parity.cli import services as services_lib
from parity.records import options as options_lib
from parity.records import vocabulary

if TYPE_CHECKING:
  from parity.environments import places
  from parity.records import matrix as matrix_lib

_DESCRIPTION = """\
Runs the tf1 side of each case in the reference cell, a side of it in every
other cell, and prints a grid: cell by check, what became of it, and how far
apart it is. A cell that does not gate, such as nightly, only warns."""

_EPILOG = """\
example:
  parity matrix my_model_parity.py --reference tf1.15
  parity matrix a_parity.py b_parity.py --cells tf2.12,tf2.21,nightly \\
      --reference tf1.15 --numerics strict --junit matrix.xml
  parity matrix my_model_parity.py --reference tf1.15 --side tf1 \\
      --bisect 2.8.4 2.12.1

exit status: 0 all gating cells pass, 1 one fails, 2 or 3 one could not run"""


def add_parser(commands: Any) -> None:
  """Adds the command to the command line."""
  parser = commands.add_parser(
    "matrix",
    help="hold several TensorFlow versions against one",
    description=_DESCRIPTION,
    epilog=_EPILOG,
  )
  parser.add_argument(
    "targets",
    nargs="+",
    metavar="FILE[:NAME]",
    help="a case file, and the case's name in it where it is not CASE",
  )
  parser.add_argument(
    "--cells",
    action="append",
    default=[],
    metavar="A,B",
    help="where to run (default: every cell that is installed)",
  )
  parser.add_argument(
    "--cell",
    action="append",
    default=[],
    metavar="NAME=PYTHON",
    help="also run in an interpreter of your own, under that name",
  )
  parser.add_argument(
    "--reference",
    required=True,
    metavar="CELL",
    help="the cell whose tf1 side all are held against, such as tf1.15",
  )
  parser.add_argument(
    "--side",
    choices=("tf2", "tf1", "both"),
    default="tf2",
    help="what runs in the cells: the port (default), the tf1 side, or both",
  )
  parser.add_argument(
    "--require",
    action="append",
    default=[],
    metavar="CELL",
    help="let this cell gate, although the table says it only warns",
  )
  parser.add_argument(
    "--jobs",
    type=_positive,
    metavar="N",
    help="cells at once (default: what memory and cores allow)",
  )
  parser.add_argument(
    "--bisect",
    nargs=2,
    metavar=("GOOD", "BAD"),
    help="name the first TensorFlow version between these that does not pass",
  )
  for name, what in (
    ("html", "an HTML page: the grid, and each cell's report"),
    ("json", "JSON (parity.matrix/1)"),
    ("junit", "JUnit XML, a test case a cell and check"),
    ("markdown", "Markdown, for a pull request"),
  ):
    parser.add_argument(
      f"--{name}", metavar="OUT", help=f"write it to this file as {what}"
    )
  reporting.add_annotations(parser)
  arguments_lib.add_steps(parser)
  parser.add_argument(
    "--strict",
    action="store_true",
    help="also fail on differences that are proved to be rounding",
  )
  arguments_lib.add_seed(parser)
  arguments_lib.add_numerics(parser)
  arguments_lib.add_loudness(parser)


def _positive(text: str) -> int:
  if not text.isdigit() or int(text) < 1:
    raise argparse.ArgumentTypeError(
      f"a whole number of at least 1 is needed, found {text!r}"
    )
  return int(text)


def run(arguments: argparse.Namespace, services: services_lib.Services) -> int:
  """Runs the matrix and gives the exit status."""
  options = options_lib.Options(
    steps=arguments_lib.check_names(arguments.steps, tuple(vocabulary.CHECKS)),
    strict=arguments.strict,
    seed=arguments.seed,
    timeout=arguments.timeout,
    numerics=arguments.numerics,
  )
  reporting.prepare_outputs(arguments)
  table = cells.load_table()
  if arguments.bisect:
    from parity.cli import bisecting

    return bisecting.run(
      arguments, services, options=options, table=table, write=write
    )
  chosen = chosen_cells(arguments, table)
  reference = _resolved(arguments.reference, table)
  if not arguments.quiet:
    names = ", ".join(place.name for place in chosen)
    sys.stderr.write(f"cells: {names}; reference: {reference.name}\n")
  with contextlib.ExitStack() as stack:
    watch = None
    if not arguments.quiet:
      from parity.report import progress
      from parity.report import terminal

      console = terminal.make_console(sys.stderr)
      watch = stack.enter_context(progress.watching(console))
    found = services.run_matrix(
      arguments.targets,
      cells=chosen,
      reference=reference,
      side=arguments.side,
      options=options,
      jobs=arguments.jobs,
      watch=watch,
    )
  write(found, arguments)
  show(found, verbosity=-1 if arguments.quiet else arguments.verbose)
  if arguments.annotations:
    _annotate(found)
  return status_of(found)


def _annotate(matrix: matrix_lib.Matrix) -> None:
  """Prints each cell's findings as GitHub annotations."""
  from parity.report import annotations

  for entry in matrix.entries:
    case = f"{entry.report.case} in {entry.column}"
    report = dataclasses.replace(entry.report, case=case)
    level = "error" if entry.gates else "warning"
    for line in annotations.annotation_lines([report], level=level):
      print(line)


def chosen_cells(
  arguments: argparse.Namespace, table: cells.Table
) -> List[places.Place]:
  """The cells in which to run, each once, in the order they were named.

  Raises:
    errors.UsageError: a cell is unknown, or one that is required does not run.
    errors.EnvironmentProblem: a cell that was named is not installed.
  """
  texts = [
    text.strip()
    for listed in arguments.cells
    for text in listed.split(",")
    if text.strip()
  ]
  if arguments.cells and not texts:
    raise errors.UsageError("--cells names no cell.")
  texts += arguments.cell
  for text in arguments.cell:
    if "=" not in text:
      raise errors.UsageError(
        f"--cell takes NAME=/path/to/python, found {text!r}; cells of the table"
        " are named with --cells."
      )
  for name in arguments.require:
    table.named(name)
  found = [_resolved(text, table) for text in dict.fromkeys(texts)]
  if not arguments.cells and not arguments.cell:
    found = _installed(arguments.reference, arguments.side, table)
  names = [place.name for place in found]
  twice = next((name for name in names if names.count(name) > 1), None)
  if twice is not None:
    raise errors.UsageError(f"Two cells are named `{twice}`; rename one.")
  lacking = [name for name in arguments.require if name not in names]
  if lacking:
    raise errors.UsageError(
      f"--require {lacking[0]}: it does not run; there run {', '.join(names)}."
    )
  return [
    dataclasses.replace(place, gates=place.gates or place.name in required)
    for place in found
    for required in [set(arguments.require)]
  ]


def _installed(
  reference: str, side: str, table: cells.Table
) -> List[places.Place]:
  """Every cell of the table that is installed and can run the side."""
  from parity.environments import places

  found = [
    _resolved(row.cell.name, table)
    for row in places.find_all(table)
    if row.environment is not None
  ]
  kept = [
    place
    for place in found
    if (side != "tf2" or place.has_tf2)
    and (side != "tf1" or place.name != reference)
  ]
  if not kept:
    raise errors.EnvironmentProblem(
      "No cell is installed in which this could run. `parity cells install"
      f" {table.default}` makes one; `parity cells` lists all."
    )
  return kept


def _resolved(text: str, table: cells.Table) -> places.Place:
  from parity.environments import places

  return places.resolve(text, table=table)


def write(matrix: matrix_lib.Matrix, arguments: argparse.Namespace) -> None:
  """Writes the files that were asked for, each whole or not at all."""
  from parity.report import files
  from parity.report import json as json_report
  from parity.report.matrix import json as matrix_json
  from parity.report.matrix import junit
  from parity.report.matrix import markdown

  if arguments.json is not None:
    json_report.write(matrix_json.matrix_to_plain(matrix), arguments.json)
  if arguments.junit is not None:
    files.write(junit.matrix_to_junit(matrix), arguments.junit)
  if arguments.markdown is not None:
    files.write(markdown.matrix_to_markdown(matrix), arguments.markdown)
  if arguments.html is not None:
    from parity.report.html import page

    command = reporting.again(arguments.argv)
    files.write(page.matrix_page(matrix, command=command), arguments.html)


def show(matrix: matrix_lib.Matrix, *, verbosity: int) -> None:
  """Prints the grid."""
  from parity.report import terminal
  from parity.report.matrix import grid

  width = min(terminal.make_console(sys.stdout).width, 200)
  printing.print_lines(
    grid.matrix_lines(matrix, width=width, verbosity=verbosity)
  )


def status_of(matrix: matrix_lib.Matrix) -> int:
  """The exit status: the highest of the gating cells."""
  reports = [entry.report for entry in matrix.gating]
  if not reports:
    return failure.PASS if matrix.entries else failure.ERROR
  return failure.status_of_reports(reports)
