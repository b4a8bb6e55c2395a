"""Which interpreter has a cell's packages? Builds one environment a lock.

An environment is a folder named by what went into it: the lock's bytes, the
interpreter, and these rules. So it is reused while its lock stays as it is,
rebuilt when it changes, and never edited.

1. Make a virtual environment aside, with uv.
2. Install exactly the lock, hashes checked, and compile it to bytecode: the
   import of TensorFlow takes 9 s longer without.
3. A cell with floating packages gets their newest builds on top. No hash can
   be known for those; the folder's name holds the day, so it is a day old at
   most.
4. Rename it to its place: it appears whole or not at all.

They lie in the user's cache, or where PARITY_ENVIRONMENTS says, and are shared
by all checkouts. One that another of its cell took the place of, and that
nobody used for two weeks, is deleted when that cell is built again.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import os
import pathlib
import shutil
import time
from typing import List, Optional, Sequence

from parity import cells
from parity import errors
from parity.environments import interpreters
from parity.environments import locks
from parity.environments import uv as uv_lib

# Change it when the way of building changes.
_RULES = "1"
_KEEP_SECONDS = 14 * 24 * 3600
_STAMP = "last-used"
_MADE = "pyvenv.cfg"


@dataclasses.dataclass(frozen=True)
class Environment:
  """A built environment.

  Attributes:
    name: the cell it is for, or another name.
    folder: where it lies.
    seconds: how long building it took; 0 if it was there.
  """

  name: str
  folder: pathlib.Path
  seconds: float = 0.0

  @property
  def python(self) -> str:
    """Path of its interpreter."""
    return str(self.folder / "bin" / "python")


def store() -> pathlib.Path:
  """The folder that holds all environments."""
  given = os.environ.get("PARITY_ENVIRONMENTS")
  if given:
    return pathlib.Path(given)
  cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
  return pathlib.Path(cache, "parity", "environments")


def find(
  cell: cells.Cell, lock: pathlib.Path, *, uv: Optional[str] = None
) -> Optional[Environment]:
  """The cell's environment if it was built, None if not; nothing is fetched.

  Of a cell with floating packages the newest one, of whatever day.
  """
  python = interpreters.locate(cell.python, uv=uv)
  if python is None or not lock.is_file():
    return None
  folder = store() / f"{cell.name}-{_digest(cell, lock, python)}"
  if not folder.is_dir() and cell.floating:
    made = sorted(store().glob(f"{cell.name}-*/{_MADE}"), key=_age)
    folder = made[0].parent if made else folder
  return Environment(cell.name, folder) if folder.is_dir() else None


def _age(path: pathlib.Path) -> float:
  return -path.stat().st_mtime


def version_in(environment: Environment, *packages: str) -> Optional[str]:
  """The version of the first of some packages that the environment has."""
  for package in packages:
    pattern = f"lib/python*/site-packages/{package}-*.dist-info"
    for found in environment.folder.glob(pattern):
      return found.name[len(package) + 1 : -len(".dist-info")]
  return None


def touch(environment: Environment) -> None:
  """Notes that the environment is in use, so that it is kept."""
  try:
    (environment.folder / _STAMP).touch()
  except OSError:  # Another user's, or a disk that may only be read.
    return


def ensure(cell: cells.Cell, lock: pathlib.Path, *, uv: str) -> Environment:
  """The cell's environment, built if it is not there.

  Args:
    cell: a row of the table.
    lock: the requirements file with hashes to install.
    uv: path of uv.

  Raises:
    EnvironmentProblem: the cell's Python is not to be had, or uv refused.
  """
  python = interpreters.find(cell.python, uv=uv)
  folder = store() / f"{cell.name}-{_digest(cell, lock, python)}"
  steps = [["--require-hashes", "--no-deps", "-r", str(lock)]]
  if cell.floating:
    steps.append([cell.tensorflow, *cell.requirements])
  return _ensure(cell.name, folder, python, steps, uv)


def ensure_unlocked(
  name: str, python_version: str, requirements: Sequence[str], *, uv: str
) -> Environment:
  """An environment of requirements that no lock pins.

  Args:
    name: a name for its folder.
    python_version: such as `3.9`.
    requirements: what to install.
    uv: path of uv.

  Raises:
    EnvironmentProblem: the Python is not to be had, or uv refused.
  """
  python = interpreters.find(python_version, uv=uv)
  parts = [_RULES, str(python.resolve()), *requirements]
  digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
  folder = store() / f"{name}-{digest}"
  return _ensure(name, folder, python, [list(requirements)], uv)


def _ensure(
  name: str,
  folder: pathlib.Path,
  python: pathlib.Path,
  steps: Sequence[Sequence[str]],
  uv: str,
) -> Environment:
  """Builds an environment unless it is there."""
  began = time.monotonic()
  is_new = not folder.is_dir()
  if is_new:
    try:
      folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
      raise errors.EnvironmentProblem(
        f"{folder.parent}, where environments lie, cannot be made:"
        f" {error.strerror}. PARITY_ENVIRONMENTS names another place."
      ) from error
    _build(folder, python, steps, uv)
    _prune(folder)
  seconds = time.monotonic() - began if is_new else 0.0
  made = Environment(name=name, folder=folder, seconds=seconds)
  touch(made)
  return made


def _digest(cell: cells.Cell, lock: pathlib.Path, python: pathlib.Path) -> str:
  """Short name of everything that goes into an environment."""
  parts = [_RULES, str(python.resolve()), locks.sha256(lock)]
  if cell.floating:
    parts.append(
      datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    )
    parts.extend((cell.tensorflow, *cell.requirements))
  return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _build(
  folder: pathlib.Path,
  python: pathlib.Path,
  steps: Sequence[Sequence[str]],
  uv: str,
) -> None:
  """Builds an environment aside and moves it to its place."""
  aside = folder.with_name(f".{folder.name}.{os.getpid()}")
  inside = str(aside / "bin" / "python")
  try:
    uv_lib.run(
      [uv, "venv", "-q", "--relocatable", "-p", str(python), str(aside)]
    )
    install = [uv, "pip", "install", "-q", "-p", inside, "--compile-bytecode"]
    for step in steps:
      uv_lib.run([*install, *step])
    if not folder.is_dir():  # Another process may have been faster.
      aside.rename(folder)
  finally:
    shutil.rmtree(str(aside), ignore_errors=True)


def _prune(built: pathlib.Path) -> None:
  """Deletes what the new one takes the place of, if nobody used it for long."""
  oldest = time.time() - _KEEP_SECONDS
  cell = built.name.rpartition("-")[0]
  unused: List[pathlib.Path] = [
    stamp.parent
    for stamp in built.parent.glob(f"{cell}-*/{_STAMP}")
    if stamp.parent != built and stamp.stat().st_mtime < oldest
  ]
  for folder in unused:
    shutil.rmtree(str(folder), ignore_errors=True)
