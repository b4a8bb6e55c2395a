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

They lie below `.nox` in the checkout, or where PARITY_ENVIRONMENTS says, so
that several checkouts share them. Those unused for two weeks are deleted when
another is built.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import os
import pathlib
import shutil
import subprocess
import time
from typing import List, Sequence

from parity import cells
from testing import interpreters
from testing import locks

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Change it when the way of building changes.
_RULES = "1"
_KEEP_SECONDS = 14 * 24 * 3600
_STAMP = "last-used"


class EnvironmentBuildError(Exception):
  """uv could not build an environment; the message holds its own words."""


@dataclasses.dataclass(frozen=True)
class Environment:
  """A built environment.

  Attributes:
    cell: the cell it is for.
    folder: where it lies.
    seconds: how long building it took; 0 if it was there.
  """

  cell: cells.Cell
  folder: pathlib.Path
  seconds: float = 0.0

  @property
  def python(self) -> str:
    """Path of its interpreter."""
    return str(self.folder / "bin" / "python")


def ensure(cell: cells.Cell, lock: pathlib.Path, *, uv: str) -> Environment:
  """The cell's environment, built if it is not there.

  Args:
    cell: a row of the table.
    lock: the requirements file with hashes to install.
    uv: path of uv.

  Raises:
    MissingInterpreterError: the cell's Python is not to be had.
    EnvironmentBuildError: uv refused.
  """
  python = interpreters.find(cell.python, uv=uv)
  folder = _store() / f"{cell.name}-{_digest(cell, lock, python)}"
  began = time.monotonic()
  is_new = not folder.is_dir()
  if is_new:
    folder.parent.mkdir(parents=True, exist_ok=True)
    _build(cell, lock, python, folder, uv)
    _prune(folder.parent)
  (folder / _STAMP).touch()
  seconds = time.monotonic() - began if is_new else 0.0
  return Environment(cell=cell, folder=folder, seconds=seconds)


def _store() -> pathlib.Path:
  """The folder that holds all environments."""
  shared = os.environ.get("PARITY_ENVIRONMENTS")
  return pathlib.Path(shared) if shared else ROOT / ".nox" / "environments"


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
  cell: cells.Cell,
  lock: pathlib.Path,
  python: pathlib.Path,
  folder: pathlib.Path,
  uv: str,
) -> None:
  """Builds an environment aside and moves it to its place."""
  aside = folder.with_name(f".{folder.name}.{os.getpid()}")
  inside = str(aside / "bin" / "python")
  try:
    _run([uv, "venv", "-q", "--relocatable", "-p", str(python), str(aside)])
    install = [uv, "pip", "install", "-q", "-p", inside, "--compile-bytecode"]
    _run([*install, "--require-hashes", "--no-deps", "-r", str(lock)])
    if cell.floating:
      _run([*install, cell.tensorflow, *cell.requirements])
    if not folder.is_dir():  # Another process may have been faster.
      aside.rename(folder)
  finally:
    shutil.rmtree(aside, ignore_errors=True)


def _run(command: Sequence[str]) -> None:
  """Runs uv.

  Raises:
    EnvironmentBuildError: it failed.
  """
  environment = {
    name: value
    for name, value in os.environ.items()
    if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX")
  }
  done = subprocess.run(
    list(command),
    cwd=str(ROOT),
    env=environment,
    stdin=subprocess.DEVNULL,
    capture_output=True,
    text=True,
    check=False,
  )
  if done.returncode:
    raise EnvironmentBuildError(
      f"`{' '.join(command)}` failed:\n{done.stderr.strip()}"
    )


def _prune(store: pathlib.Path) -> None:
  """Deletes the environments that nobody used for long."""
  oldest = time.time() - _KEEP_SECONDS
  unused: List[pathlib.Path] = [
    stamp.parent
    for stamp in store.glob(f"*/{_STAMP}")
    if stamp.stat().st_mtime < oldest
  ]
  for folder in unused:
    shutil.rmtree(folder, ignore_errors=True)
