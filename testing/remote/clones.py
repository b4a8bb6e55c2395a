"""What does `bazel test` do in a fresh clone? In a place of its own.

A clone has a server and an output base of its own, and knows nothing of others
but what a cache or a worker tells it.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import subprocess
from typing import Dict, Iterator, Sequence

from testing.remote import builds

ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent.parent


class BuildFailed(Exception):
  """Bazel did not do what was asked; it has said why."""


class Clone:
  """A clone of this repository's HEAD.

  Args:
    folder: where the clone is to lie.
    outputs: its output base.
  """

  def __init__(self, folder: pathlib.Path, outputs: pathlib.Path) -> None:
    self.folder = folder
    self.outputs = outputs
    command = ["git", "clone", "--quiet", str(ROOT), str(folder)]
    subprocess.run(command, check=True)

  def test(self, targets: Sequence[str], flags: Sequence[str]) -> builds.Build:
    """Runs tests, and says what became of them.

    Raises:
      BuildFailed: one failed, or could not be built.
    """
    path = self.outputs.with_suffix(".events")
    status = self._bazel(
      "test",
      *targets,
      "--noshow_progress",
      "--curses=no",
      f"--build_event_json_file={path}",
      # Events name the results here, not where a server keeps them.
      "--experimental_build_event_upload_strategy=local",
      *flags,
    )
    if status:
      raise BuildFailed(f"bazel ended with status {status} in {self.folder}")
    lines = path.read_text(encoding="utf-8").splitlines()
    return builds.build_of([json.loads(line) for line in lines if line])

  def close(self) -> None:
    """Ends the server, and removes its outputs, which are write-protected."""
    self._bazel("clean", "--expunge")

  def _bazel(self, *command: str) -> int:
    return subprocess.run(
      ["bazel", f"--output_base={self.outputs}", *command],
      cwd=str(self.folder),
      env=_environment(),
      check=False,
    ).returncode


def _environment() -> Dict[str, str]:
  """This environment, less what would name its own places to each action."""
  found = dict(os.environ)
  default = os.path.expanduser("~/.cache")
  if found.get("XDG_CACHE_HOME") == default:
    del found["XDG_CACHE_HOME"]
  if found.get("PARITY_ENVIRONMENTS") == f"{default}/parity/environments":
    del found["PARITY_ENVIRONMENTS"]
  return found


@contextlib.contextmanager
def clone(folder: pathlib.Path, outputs: pathlib.Path) -> Iterator[Clone]:
  """A clone whose server ends with the block."""
  made = Clone(folder, outputs)
  try:
    yield made
  finally:
    made.close()
