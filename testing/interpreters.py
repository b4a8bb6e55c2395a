"""Where on this machine is Python X.Y?

1. `PARITY_PYTHON_3_7` (and so on): the path that a person gave.
2. `python3.7` on PATH, if it answers: a version manager's shim may be there
   and refuse.
3. pyenv's versions, newest patch first, whether or not they are active.
4. What uv fetched before, or can fetch now.

Every candidate is started and asked for its version; a name proves nothing.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import Iterator, List, Optional


class MissingInterpreterError(Exception):
  """No such Python here; the message says how to get one."""


def find(version: str, *, uv: str) -> pathlib.Path:
  """The path of an interpreter of that minor version.

  Args:
    version: such as `3.7`.
    uv: path of uv, which can fetch interpreters.

  Raises:
    MissingInterpreterError: none was found and none could be fetched.
  """
  for candidate in _candidates(version):
    if _is_version(candidate, version):
      return candidate
  fetched = _fetched(version, uv)
  if fetched is not None:
    return fetched
  variable = _variable(version)
  raise MissingInterpreterError(
    f"Python {version} is not on this machine, and uv could not fetch it. "
    f"Install it (for example `pyenv install {version}`, or your system's "
    f"python{version} package), or set {variable} to the path of one."
  )


def _variable(version: str) -> str:
  """The environment variable by which a person names that interpreter."""
  return f"PARITY_PYTHON_{version.replace('.', '_')}"


def _candidates(version: str) -> Iterator[pathlib.Path]:
  """Paths that may be that interpreter, best first."""
  given = os.environ.get(_variable(version))
  if given:
    yield pathlib.Path(given)
  running = ".".join(str(part) for part in sys.version_info[:2])
  if running == version and sys.prefix == sys.base_prefix:
    yield pathlib.Path(sys.executable)
  on_path = shutil.which(f"python{version}")
  if on_path:
    yield pathlib.Path(on_path)
  root = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
  installed = pathlib.Path(root, "versions").glob(f"{version}.*/bin/python")
  yield from sorted(installed, key=_patch, reverse=True)


def _patch(path: pathlib.Path) -> List[int]:
  """Sort key of `.../3.7.16/bin/python`: its version as numbers."""
  return [int(part) for part in re.findall(r"\d+", path.parent.parent.name)]


def _is_version(path: pathlib.Path, version: str) -> bool:
  """Whether the file is a CPython of that version that starts."""
  program = (
    "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
  )
  try:
    answer = subprocess.run(
      [str(path), "-I", "-c", program],
      stdin=subprocess.DEVNULL,
      capture_output=True,
      text=True,
      timeout=60,
      check=False,
    )
  except (OSError, subprocess.TimeoutExpired):
    return False
  return answer.stdout.split() == ["cpython", version]


def _fetched(version: str, uv: str) -> Optional[pathlib.Path]:
  """An interpreter that uv manages, fetched now if need be."""
  find_it = [uv, "python", "find", "--managed-python", "--no-project", version]
  fetch_it = [uv, "python", "install", "--quiet", version]
  for command in (find_it, fetch_it, find_it):
    answer = subprocess.run(
      command,
      stdin=subprocess.DEVNULL,
      capture_output=True,
      text=True,
      check=False,
    )
    found = pathlib.Path(answer.stdout.strip())
    if command is find_it and answer.returncode == 0:
      if _is_version(found, version):
        return found
    elif command is fetch_it and answer.returncode:
      print(answer.stderr.strip(), file=sys.stderr)
      return None
  return None
