"""How is something proved with a server that a machine may lack?

The exit status is 0 where it holds, 1 where it doesn't, and 4 where it could
not be tried, which is said and is no success.
"""

from __future__ import annotations

import pathlib
import shutil
import tempfile
from typing import Callable, List, Optional, TypeVar

from testing.remote import clones

SKIPPED = 4
_Server = TypeVar("_Server")


def run(
  what: str,
  server: str,
  *,
  find: Callable[[pathlib.Path], Optional[_Server]],
  prove: Callable[[_Server, pathlib.Path], List[str]],
) -> int:
  """Proves something, and says what was seen; the exit status.

  Args:
    what: is proved.
    server: the name of what it takes.
    find: gives the server; it may use a folder that is not there yet.
    prove: says what is not as it should be; it may use an empty folder.
  """
  with tempfile.TemporaryDirectory(prefix="parity-remote-") as folder:
    work = pathlib.Path(folder)
    found = find(work / "package")
    lacking = server if found is None else "bazel"
    if found is None or shutil.which("bazel") is None:
      print(f"{what}: skipped, as {lacking} cannot be had here")
      return SKIPPED
    try:
      problems = prove(found, work)
    except (clones.BuildFailed, RuntimeError) as error:
      problems = [str(error)]
  for problem in problems:
    print(f"{what}: {problem}")
  return 1 if problems else 0
