"""By which name does another machine know the same environment?

The folder of an environment is named by paths of this machine too. What is
built elsewhere, or cached there, must be named by what is in it alone: the
cell's lock, and the release of Python. Below `by-lock` in the store there is a
link of that name to the folder; whoever has a link of that name has the same
packages.

Where packages float, no lock says what is there, and the name holds that of the
folder: no other machine has the same.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import re

from parity import cells
from parity import errors
from parity.environments import builds
from parity.environments import locks

FOLDER = "by-lock"
_RELEASE = re.compile(r"^version(?:_info)? = (\d+\.\d+\.\d+)", re.MULTILINE)


def link(
  environment: builds.Environment, cell: cells.Cell, lock: pathlib.Path
) -> str:
  """Gives an environment its name, and returns it.

  Args:
    environment: one that was built.
    cell: the cell it is for.
    lock: what it was built from.

  Raises:
    EnvironmentProblem: the store cannot be written.
  """
  name = name_of(environment, cell, lock)
  place = environment.folder.parent / FOLDER / name
  aside = place.with_name(f".{name}.{os.getpid()}")
  try:
    place.parent.mkdir(exist_ok=True)
    os.symlink(os.path.join(os.pardir, environment.folder.name), str(aside))
    os.replace(str(aside), str(place))
  except OSError as error:
    raise errors.EnvironmentProblem(
      f"{place} cannot be made: {error.strerror}. PARITY_ENVIRONMENTS names"
      " another place for environments."
    ) from error
  return name


def name_of(
  environment: builds.Environment, cell: cells.Cell, lock: pathlib.Path
) -> str:
  """The name, such as `tf2.8-3.9.18-0f3b9a1c2d4e`."""
  release = release_of(environment)
  parts = [locks.sha256(lock)]
  if cell.floating:
    parts.append(environment.folder.name)
  digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
  return f"{cell.name}-{release}-{digest}"


def release_of(environment: builds.Environment) -> str:
  """The release of its Python, such as `3.9.18`.

  Raises:
    EnvironmentProblem: it is no environment.
  """
  path = environment.folder / "pyvenv.cfg"
  try:
    found = _RELEASE.search(path.read_text(encoding="utf-8"))
  except OSError:
    found = None
  if found is None:
    raise errors.EnvironmentProblem(
      f"{path} does not say which Python it is of. Delete {path.parent}; it is"
      " then built again."
    )
  return found.group(1)
