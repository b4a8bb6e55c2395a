"""`parity matrix --bisect GOOD BAD`: which TensorFlow changed the model?"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Callable, Dict

from parity import cells
from parity import errors
from parity.cli import failure
from parity.cli import services as services_lib

if TYPE_CHECKING:
  from parity.records import matrix as matrix_lib
  from parity.records import options as options_lib


def run(
  arguments: argparse.Namespace,
  services: services_lib.Services,
  *,
  options: options_lib.Options,
  table: cells.Table,
  write: Callable[[matrix_lib.Matrix, argparse.Namespace], None],
) -> int:
  """Installs versions between two, and names the first that does not pass.

  Args:
    arguments: of `parity matrix`.
    services: the pipeline.
    options: how sides run.
    table: the cells.
    write: writes the files that were asked for.

  Returns:
    1: a version that fails was found, and why it fails was printed.

  Raises:
    errors.UsageError: GOOD does not pass, or BAD does not fail.
  """
  from parity.environments import builds
  from parity.environments import places
  from parity.environments import releases
  from parity.environments import uv as uv_lib
  from parity.matrix import bisection
  from parity.report import terminal
  from parity.report.matrix import grid

  if arguments.cells or arguments.cell or arguments.side == "both":
    raise errors.UsageError(
      "--bisect runs one side in versions that it installs itself; it takes"
      " neither --cells nor --cell nor --side both."
    )
  reference = places.resolve(arguments.reference, table=table)
  uv = uv_lib.require()
  known = {
    release.version: release
    for release in releases.between(
      *arguments.bisect, table=table, ask=releases.ask_pip(uv)
    )
  }
  sys.stderr.write(f"versions: {', '.join(known)}\n")
  found: Dict[str, matrix_lib.Matrix] = {}

  def judge(version: str) -> str:
    try:
      environment = releases.install(known[version], uv=uv)
    except errors.EnvironmentProblem as error:
      print(f"{version}  cannot be installed: {error}", flush=True)
      return "error"
    place = places.Place(f"tensorflow {version}", environment.python)
    found[version] = services.run_matrix(
      arguments.targets,
      cells=[place],
      reference=reference,
      side=arguments.side,
      options=options,
      jobs=1,
      watch=None,
    )
    verdict = found[version].verdict
    print(f"{version}  {verdict}", flush=True)
    return verdict

  result = bisection.search(list(known), judge)
  width = min(terminal.make_console(sys.stdout).width, 200)
  print()
  for line in grid.matrix_lines(
    found[result.first_bad],
    width=width,
    verbosity=-1 if arguments.quiet else arguments.verbose,
  ):
    print(line)
  write(found[result.first_bad], arguments)
  print(
    f"first bad: TensorFlow {result.first_bad}; the last good is"
    f" {result.last_good}"
  )
  sys.stderr.write(
    f"What was installed for it lies in {builds.store()}/tensorflow-*, and may"
    " be deleted.\n"
  )
  if result.unjudged:
    print(
      f"not judged, and between the two: {', '.join(result.unjudged)}; the"
      " change may have come with one of them"
    )
  return failure.FAIL
