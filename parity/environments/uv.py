"""Where is uv, which makes environments and fetches interpreters?

Beside the running Python (as `pip install uv` puts it), else on PATH.
"""

from __future__ import annotations

import importlib
import os
import pathlib
import shutil
import subprocess
import sys
from typing import Dict, Optional, Sequence

from parity import errors

# What would have uv look into another environment than the one named.
_MISLEADING = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX")


def find() -> Optional[str]:
  """Path of uv, None where there is none."""
  try:
    return str(importlib.import_module("uv").find_uv_bin())
  except (ImportError, FileNotFoundError):
    pass
  beside = pathlib.Path(sys.executable).parent / "uv"
  return str(beside) if beside.is_file() else shutil.which("uv")


def require() -> str:
  """Path of uv.

  Raises:
    EnvironmentProblem: there is none; the message says how to get it.
  """
  found = find()
  if found is None:
    raise errors.EnvironmentProblem(
      "uv is needed to make a cell, and is neither beside"
      f" {sys.executable} nor on PATH. `{sys.executable} -m pip install uv`"
      " brings it."
    )
  return found


def run(command: Sequence[str], *, text: Optional[str] = None) -> str:
  """Runs uv and gives what it printed.

  Args:
    command: the path of uv and its arguments.
    text: its standard input; None for none.

  Raises:
    EnvironmentProblem: it failed; the message holds its own words.
  """
  try:
    done = subprocess.run(
      list(command),
      env=_environment(),
      input="" if text is None else text,
      capture_output=True,
      text=True,
      check=False,
    )
  except OSError as error:
    raise errors.EnvironmentProblem(
      f"{command[0]} does not start: {error.strerror}."
    ) from error
  if done.returncode:
    raise errors.EnvironmentProblem(
      f"`{' '.join(command)}` failed:\n{done.stderr.strip()}"
    )
  return done.stdout


def _environment() -> Dict[str, str]:
  return {
    name: value for name, value in os.environ.items() if name not in _MISLEADING
  }
