"""How does a report get into a file? Whole or not at all.

It is written aside, then renamed, so that nobody reads half of it.
"""

from __future__ import annotations

import os
import tempfile

from parity import errors


def write(text: str, path: str) -> None:
  """Writes text to `path` in UTF-8; what that cannot hold becomes `?`.

  Raises:
    errors.UsageError: the file cannot be written there.
    errors.EnvironmentProblem: there is no room for it.
  """
  aside = None
  try:
    handle, aside = tempfile.mkstemp(
      dir=os.path.dirname(os.path.abspath(path)), suffix=".part"
    )
    with os.fdopen(handle, "wb") as stream:
      stream.write(text.encode("utf-8", "replace"))
    os.chmod(aside, 0o666 & ~_umask())
    os.replace(aside, path)
  except OSError as error:
    if aside is not None and os.path.exists(aside):
      os.unlink(aside)
    told = f"Cannot write the report to {path}: {error.strerror or error}."
    if errors.of_shortage(error) is not None:
      raise errors.EnvironmentProblem(told) from error
    raise errors.UsageError(
      f"{told} Name a file in a directory that exists and may be written."
    ) from error


def _umask() -> int:
  mask = os.umask(0)
  os.umask(mask)
  return mask
