"""Which versions of TensorFlow lie between two, and what does each need?

1. pip, which uv runs, is asked for the versions that have a wheel for each
   Python of the table; where it asks is the user's own configuration.
2. Final releases between the two are kept, in order of their numbers, each with
   the Python and the requirements of the cell at or below it.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Callable, Dict, List, Sequence, Tuple

from parity import cells
from parity import errors
from parity.environments import builds
from parity.environments import uv as uv_lib

# What a side needs besides TensorFlow and its cell's requirements.
_OURS = ("absl-py", "numpy", "safetensors", "tf-slim")
_FINAL = re.compile(r"\d+\.\d+\.\d+")
_LISTED = re.compile(r"^Available versions: (.+)$", re.MULTILINE)

# Gives the versions that have a wheel for a Python such as `3.9`.
Ask = Callable[[str], Sequence[str]]


@dataclasses.dataclass(frozen=True)
class Release:
  """A version of TensorFlow that can be installed.

  Attributes:
    version: such as `2.10.1`.
    python: minor version of Python.
    requirements: everything to install.
  """

  version: str
  python: str
  requirements: Tuple[str, ...]


def version_of(text: str, table: cells.Table) -> str:
  """The version that a person named, by itself or by its cell.

  >>> version_of("tf2.8", cells.load_table())
  '2.8.4'

  Raises:
    UsageError: it is neither a final version nor a cell that pins one.
  """
  if _FINAL.fullmatch(text):
    return text
  pinned = table.named(text).tensorflow.partition("==")[2]
  if not _FINAL.fullmatch(pinned):
    raise errors.UsageError(
      f"Cell `{text}` pins no release, so nothing can be between; name a"
      " version such as 2.12.1."
    )
  return pinned


def between(
  good: str, bad: str, *, table: cells.Table, ask: Ask
) -> Tuple[Release, ...]:
  """The releases from one to another, both included, in the order named.

  Args:
    good: a version or a cell's name; may be the later one.
    bad: another.
    table: the cells, which say what a version needs.
    ask: lists versions.

  Raises:
    UsageError: one of them is no release that can be had here.
  """
  ends = [version_of(text, table) for text in (good, bad)]
  low, high = sorted(ends, key=_key)
  pythons = list(dict.fromkeys(cell.python for cell in table.cells))
  offered: Dict[str, List[str]] = {}
  for python in pythons:
    for version in ask(python):
      if _FINAL.fullmatch(version) and _key(low) <= _key(version) <= _key(high):
        offered.setdefault(version, []).append(python)
  for end in ends:
    if end not in offered:
      listed = ", ".join(sorted(offered, key=_key)) or "none"
      raise errors.UsageError(
        f"TensorFlow {end} has no wheel for any Python of the table here;"
        f" between are: {listed}."
      )
  found = [
    _release(version, offered[version], table)
    for version in sorted(offered, key=_key)
  ]
  return tuple(found if ends == [low, high] else reversed(found))


def ask_pip(uv: str) -> Ask:
  """Asks pip, run by uv."""

  def ask(python: str) -> Sequence[str]:
    said = uv_lib.run((
      uv, "tool", "run", "--quiet", "pip", "index", "versions", "tensorflow",
      "--disable-pip-version-check", "--only-binary=:all:",
      "--python-version", python,
    ))  # fmt: skip
    return parse_versions(said)

  return ask


def parse_versions(text: str) -> Tuple[str, ...]:
  r"""The versions in what `pip index versions` printed.

  >>> parse_versions("tensorflow (2.1.0)\nAvailable versions: 2.1.0, 2.0.4")
  ('2.1.0', '2.0.4')
  """
  found = _LISTED.search(text)
  return tuple(found.group(1).split(", ")) if found else ()


def install(release: Release, *, uv: str) -> builds.Environment:
  """An environment with that release; no lock pins what else is in it.

  Raises:
    EnvironmentProblem: the Python is not to be had, or uv refused.
  """
  return builds.ensure_unlocked(
    f"tensorflow-{release.version}",
    release.python,
    release.requirements,
    uv=uv,
  )


def _key(version: str) -> Tuple[int, ...]:
  return tuple(int(part) for part in version.split("."))


def _release(
  version: str, pythons: Sequence[str], table: cells.Table
) -> Release:
  """What a version needs: that of the cell at or below it."""
  governing = table.cells[0]
  for cell in table.cells:
    pinned = cell.tensorflow.partition("==")[2]
    if _FINAL.fullmatch(pinned) and _key(pinned)[:2] <= _key(version)[:2]:
      governing = cell
  minor = ".".join(version.split(".")[:2])
  requirements = [
    f"tf_keras~={minor}.0" if each.startswith("tf_keras") else each
    for each in governing.requirements
  ]
  python = governing.python if governing.python in pythons else pythons[0]
  return Release(
    version, python, (f"tensorflow=={version}", *requirements, *_OURS)
  )
