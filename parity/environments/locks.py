"""Which file pins the packages of a cell?

Locks lie in `third_party/locks` of a checkout; a wheel carries a copy of them
inside the package. `nox -s lock` writes them.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
from typing import Tuple

from parity import cells
from parity import errors

_PACKAGE = pathlib.Path(os.path.abspath(__file__)).parent.parent
_FOLDERS = (
  _PACKAGE / "locks",
  _PACKAGE.parent / "third_party" / "locks",
)
# The default cell's lock with the tools; only a checkout has it.
TOOLS = _PACKAGE.parent / "requirements_lock.txt"


def folder() -> pathlib.Path:
  """The folder that holds a lock a cell; the checkout's where none exists."""
  return next((path for path in _FOLDERS if path.is_dir()), _FOLDERS[-1])


def path_for(cell: cells.Cell) -> pathlib.Path:
  """The lock of a cell, whether or not it exists."""
  return folder() / f"{cell.name}.txt"


def working(cell: cells.Cell, table: cells.Table) -> pathlib.Path:
  """The lock of a cell to work in: the default one has the tools."""
  return candidates(cell, table)[-1]


def candidates(
  cell: cells.Cell, table: cells.Table
) -> Tuple[pathlib.Path, ...]:
  """The locks whose environments can stand for a cell, its own first."""
  own = path_for(cell)
  if cell.name == table.default and TOOLS.is_file():
    return (own, TOOLS)
  return (own,)


def sha256(path: pathlib.Path) -> str:
  """Hash of a file's bytes.

  Raises:
    EnvironmentProblem: it cannot be read, so the installation is broken.
  """
  try:
    return hashlib.sha256(path.read_bytes()).hexdigest()
  except OSError as error:
    raise errors.EnvironmentProblem(
      f"The lock {path} cannot be read ({error.strerror}), so the cell cannot"
      " be made. Reinstall tf-parity, or run from a complete checkout."
    ) from error
