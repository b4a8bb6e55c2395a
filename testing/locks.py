"""What does each lock pin, and is it still what the table asks for?

A lock is the full list of packages of an environment, each with the hashes of
its files. There is one a cell, one for the default cell with the tools (the
root's `requirements_lock.txt`), one for what builds the documentation, one
for the tests in a browser, and one for nox and uv themselves.

Its first line holds a digest of what it was resolved from: the cell's row, and
parity's own requirements in pyproject.toml. A lock whose digest differs is
stale, which `locks_test` says without asking any registry.

1. Collect the requirements of a lock.
2. Delete the old file: uv takes the hashes of a pin over from it unchecked.
3. Resolve with uv for the cell's Python on Linux x86_64.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import pathlib
import subprocess
from typing import Dict, List, Optional, Tuple

from parity import cells
from parity.environments import locks as lock_files

ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent
# What builds the documentation; no TensorFlow is in it.
DOCS = lock_files.folder() / "docs.txt"
# What opens the HTML reports in a browser; nor in it.
BROWSER = lock_files.folder() / "browser.txt"
_PLATFORM = "x86_64-manylinux_2_28"
_BOOTSTRAP_PYTHON = "3.9"
_MARK = "# From the table of cells and pyproject.toml, digest "


@dataclasses.dataclass(frozen=True)
class Lock:
  """One lock file and what it is resolved from.

  Attributes:
    path: the file.
    python: minor version of Python it is for.
    requirements: what is asked for, before resolving.
    floating: packages to leave out of it.
    constraints: a lock whose pins must hold here too.
    universal: for any platform and later Python as well.
  """

  path: pathlib.Path
  python: str
  requirements: Tuple[str, ...]
  floating: Tuple[str, ...] = ()
  constraints: Optional[pathlib.Path] = None
  universal: bool = False

  @property
  def digest(self) -> str:
    """Short name of what it is resolved from."""
    parts = [self.python, str(self.universal), *self.requirements]
    parts.extend(f"not {name}" for name in self.floating)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]

  @property
  def written_digest(self) -> Optional[str]:
    """The digest that the file on disk says it was resolved from."""
    if not self.path.is_file():
      return None
    first = self.path.read_text(encoding="utf-8").split("\n", 1)[0]
    return first[len(_MARK) :] if first.startswith(_MARK) else None


def all_locks(table: cells.Table) -> Tuple[Lock, ...]:
  """Every lock, in an order in which each can be resolved."""
  groups = _requirement_groups()
  ours = groups["dependencies"] + groups["test"]
  found = [
    Lock(
      path=lock_files.path_for(cell),
      python=cell.python,
      requirements=(cell.tensorflow, *cell.requirements, *ours),
      floating=cell.floating,
    )
    for cell in table.cells
  ]
  default = table.named(table.default)
  found.append(
    Lock(
      path=lock_files.TOOLS,
      python=default.python,
      requirements=(
        default.tensorflow,
        *default.requirements,
        *ours,
        *groups["tools"],
      ),
      constraints=lock_files.path_for(default),
    )
  )
  found.append(
    Lock(
      path=DOCS,
      python=default.python,
      requirements=groups["docs"],
    )
  )
  found.append(
    Lock(
      path=BROWSER,
      python=default.python,
      requirements=(*groups["dependencies"], *groups["browser"]),
    )
  )
  found.append(
    Lock(
      path=lock_files.folder() / "bootstrap.txt",
      python=_BOOTSTRAP_PYTHON,
      requirements=groups["bootstrap"],
      universal=True,
    )
  )
  return tuple(found)


def write(lock: Lock, *, uv: str) -> None:
  """Resolves a lock anew and writes its file.

  Raises:
    subprocess.CalledProcessError: uv found no solution; it said why.
  """
  lock.path.parent.mkdir(parents=True, exist_ok=True)
  aside = lock.path.with_suffix(".new")
  command: List[str] = [uv, "pip", "compile", "-", "--quiet", "--no-config"]
  command += ["--generate-hashes", "--no-header", "--no-annotate"]
  command += ["--python-version", lock.python, "-o", str(aside)]
  if lock.universal:
    command += ["--universal"]
  else:
    command += ["--python-platform", _PLATFORM]
  if lock.constraints is not None:
    command += ["-c", str(lock.constraints)]
  for name in lock.floating:
    command += ["--no-emit-package", name]
  try:
    subprocess.run(
      command,
      input="\n".join(lock.requirements),
      text=True,
      check=True,
      stdout=subprocess.DEVNULL,
    )
    pins = aside.read_text(encoding="utf-8")
  finally:
    if aside.exists():
      aside.unlink()
  lock.path.write_text(f"{_MARK}{lock.digest}\n{pins}", encoding="utf-8")


def _requirement_groups() -> Dict[str, Tuple[str, ...]]:
  """pyproject.toml's dependencies, and its groups by name."""
  try:
    import tomllib
  except ImportError:  # Before Python 3.11; nox depends on it there.
    import tomli as tomllib  # type: ignore[no-redef]
  text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
  project = tomllib.loads(text)
  groups: Dict[str, Tuple[str, ...]] = {
    name: tuple(sorted(requirements))
    for name, requirements in project["dependency-groups"].items()
  }
  groups["dependencies"] = tuple(sorted(project["project"]["dependencies"]))
  return groups
