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
from typing import Iterator, List, Optional, Sequence

from parity import errors


def locate(version: str, *, uv: Optional[str] = None) -> Optional[pathlib.Path]:
  """The path of an interpreter that is here, None where there is none.

  Args:
    version: such as `3.7`.
    uv: path of uv, which may have fetched one before.
  """
  for candidate in _candidates(version):
    found = _checked(candidate, version)
    if found is not None:
      return found
  return _managed(version, uv) if uv is not None else None


def find(version: str, *, uv: str) -> pathlib.Path:
  """The path of an interpreter of that minor version, fetched if need be.

  Args:
    version: such as `3.7`.
    uv: path of uv, which can fetch interpreters.

  Raises:
    EnvironmentProblem: none was found and none could be fetched.
  """
  found = locate(version, uv=uv)
  if found is not None:
    return found
  answer = _run([uv, "python", "install", "--quiet", version])
  found = _managed(version, uv) if answer.returncode == 0 else None
  if found is not None:
    return found
  variable = _variable(version)
  said = answer.stderr.strip()
  why = f" ({said})" if said else ""
  raise errors.EnvironmentProblem(
    f"Python {version} is not on this machine, and uv could not fetch it{why}."
    f" Install it (for example `pyenv install {version}`, or your system's"
    f" python{version} package), or set {variable} to the path of one."
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


def _checked(path: pathlib.Path, version: str) -> Optional[pathlib.Path]:
  """The interpreter behind a path if it is a CPython of that version, or None.

  Behind a version manager's shim that is another file, and the same one
  whether the shim was asked or not.
  """
  program = (
    "import os, sys;"
    "print(sys.implementation.name, '%d.%d' % sys.version_info[:2]);"
    "print(os.path.realpath(sys.executable))"
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
    return None
  first, _, behind = answer.stdout.strip().partition("\n")
  if first.split() != ["cpython", version]:
    return None
  return pathlib.Path(behind) if os.path.isfile(behind) else path


def _managed(version: str, uv: str) -> Optional[pathlib.Path]:
  """An interpreter that uv manages and has."""
  answer = _run(
    [uv, "python", "find", "--managed-python", "--no-project", version]
  )
  if answer.returncode:
    return None
  return _checked(pathlib.Path(answer.stdout.strip()), version)


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
  return subprocess.run(
    list(command),
    stdin=subprocess.DEVNULL,
    capture_output=True,
    text=True,
    check=False,
  )
