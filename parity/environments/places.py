"""Which interpreter does the name of a cell stand for?

1. `NAME=PATH` is a user's own interpreter; it is started and asked what it is.
2. A name of the table stands for the environment that was built for it.
3. `local` is the interpreter that runs this.

What cannot run is an error that says what to do; nothing is installed here.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from typing import Iterable, Optional, Tuple

from parity import cells
from parity import errors
from parity.environments import builds
from parity.environments import locks
from parity.environments import uv as uv_lib

LOCAL = "local"
_TIMEOUT = 120.0
_MARK = "parity-probe "
# What a side needs, by the name under which pip knows it.
_NEEDED = {
  "absl": "absl-py",
  "numpy": "numpy",
  "safetensors": "safetensors",
  "tensorflow": "tensorflow",
}
_PROBE = f"""\
import json, sys
from importlib import util
print({_MARK!r} + json.dumps({{
  "version": list(sys.version_info[:3]),
  "missing": [n for n in {sorted(_NEEDED)!r} if util.find_spec(n) is None]}}))
"""


@dataclasses.dataclass(frozen=True)
class Place:
  """A cell that can run.

  Attributes:
    name: the cell's, or the user's for an interpreter of their own.
    python: path of the interpreter.
    gates: whether a failure there stops a change.
    has_tf2: False where it is known that only a tf1 side can run there.
  """

  name: str
  python: str
  gates: bool = True
  has_tf2: bool = True


@dataclasses.dataclass(frozen=True)
class Found:
  """A row of the table, and where it is installed.

  Attributes:
    cell: the row.
    environment: what was built for it; None for nothing.
  """

  cell: cells.Cell
  environment: Optional[builds.Environment]


def resolve(text: str, *, table: cells.Table) -> Place:
  """The interpreter of a cell.

  Args:
    text: a cell's name, `NAME=PATH`, or `local`.
    table: the cells there are.

  Raises:
    UsageError: there is no such cell.
    EnvironmentProblem: it is not installed, or is no fit interpreter.
  """
  name, equals, path = text.partition("=")
  if equals:
    return _own(name.strip(), path.strip(), table)
  if name == LOCAL:
    return Place(LOCAL, sys.executable)
  cell = table.named(name)
  found = find(cell, table=table)
  if found.environment is None:
    raise errors.EnvironmentProblem(
      f"Cell `{name}` (Python {cell.python}, {cell.tensorflow}) is not"
      f" installed. `parity cells install {name}` makes it; an interpreter of"
      f" your own is named as {name}=/path/to/python."
    )
  builds.touch(found.environment)
  return Place(name, found.environment.python, cell.gates, has_tf2=cell.has_tf2)


def find(cell: cells.Cell, *, table: cells.Table) -> Found:
  """Where a cell is installed, if it is."""
  uv = uv_lib.find()
  for lock in locks.candidates(cell, table):
    environment = builds.find(cell, lock, uv=uv)
    if environment is not None:
      return Found(cell, environment)
  return Found(cell, None)


def installed(name: str) -> Optional[str]:
  """The interpreter of an installed cell; None where there is none."""
  table = cells.load_table()
  if name not in table.names:
    return None
  found = find(table.named(name), table=table).environment
  return None if found is None else found.python


def find_all(table: cells.Table) -> Tuple[Found, ...]:
  """Where each cell of the table is installed, if it is."""
  return tuple(find(cell, table=table) for cell in table.cells)


def install(
  names: Iterable[str], *, table: cells.Table
) -> Tuple[builds.Environment, ...]:
  """Makes the environments of cells.

  Args:
    names: of the table.
    table: the cells there are.

  Raises:
    UsageError: a name is none of the table's; then nothing was made.
    EnvironmentProblem: uv or a Python is not to be had, or uv refused.
  """
  wanted = [table.named(name) for name in names]
  uv = uv_lib.require()
  return tuple(
    builds.ensure(cell, locks.path_for(cell), uv=uv) for cell in wanted
  )


def _own(name: str, path: str, table: cells.Table) -> Place:
  """A user's own interpreter, once it proved to be one."""
  if not name or not path:
    raise errors.UsageError(
      "A cell of your own is named as NAME=/path/to/python, found"
      f" `{name}={path}`."
    )
  path = os.path.abspath(os.path.expanduser(path))
  _require_fit(name, path)
  known = [cell for cell in table.cells if cell.name == name]
  return Place(name, path, known[0].gates if known else True)


def _require_fit(name: str, path: str) -> None:
  """Raises EnvironmentProblem unless the interpreter can run a side."""
  who = f"Cell `{name}`: {path}"
  if not os.path.exists(path):
    raise errors.EnvironmentProblem(f"{who} does not exist.")
  try:
    done = subprocess.run(
      [path, "-c", _PROBE],
      stdin=subprocess.DEVNULL,
      capture_output=True,
      timeout=_TIMEOUT,
      check=False,
    )
  except OSError as error:
    raise errors.EnvironmentProblem(
      f"{who} does not start: {error.strerror}."
    ) from error
  except subprocess.TimeoutExpired as error:
    raise errors.EnvironmentProblem(
      f"{who} did not answer within {_TIMEOUT:g} s."
    ) from error
  said = done.stdout.decode("utf-8", "replace")
  marked = [line for line in said.splitlines() if line.startswith(_MARK)]
  if not marked:
    complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()
    last = f" It said: {complaint[-1]}" if complaint else ""
    raise errors.EnvironmentProblem(
      f"{who} is no Python interpreter, or a broken one: it ended with status"
      f" {done.returncode} and did not answer.{last}"
    )
  answer = json.loads(marked[-1][len(_MARK) :])
  if answer["version"] < [3, 7]:
    version = ".".join(str(part) for part in answer["version"])
    raise errors.EnvironmentProblem(
      f"{who} is Python {version}; parity needs 3.7 or later."
    )
  missing = [_NEEDED[module] for module in answer["missing"]]
  if missing:
    listed = " ".join(missing)
    raise errors.EnvironmentProblem(
      f"{who} lacks {', '.join(missing)}, which a side needs;"
      f" `{path} -m pip install {listed}` brings what is missing."
    )
