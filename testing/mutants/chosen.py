"""Which mutations are tried? So many a module, drawn with a seed.

1. Every module of the folders, tests left out, has its turn: the count is dealt
   out evenly, and modules that get one more than others are drawn. What a small
   module cannot give, the others give.
2. A module's own are drawn by the seed and its path, so that a change in one
   module moves no other's.
"""

from __future__ import annotations

import pathlib
import random
from typing import Dict, List, Sequence

from testing.mutants import mutations

FOLDERS = ("parity/checks", "parity/compare", "parity/explain")


def modules(root: pathlib.Path, only: Sequence[str] = ()) -> List[str]:
  """Paths of the modules that are mutated, from the root.

  Args:
    root: the folder that holds `parity`.
    only: files or folders to which to keep; empty for all.
  """
  return sorted(
    path.relative_to(root).as_posix()
    for folder in only or FOLDERS
    for path in (
      [root / folder]
      if folder.endswith(".py")
      else sorted((root / folder).rglob("*.py"))
    )
    if not path.name.endswith("_test.py") and path.name != "__init__.py"
  )


def draw(
  root: pathlib.Path, *, count: int, seed: int, only: Sequence[str] = ()
) -> List[mutations.Mutation]:
  """Draws mutations, evenly over the modules, in the order of their text."""
  shuffled: Dict[str, List[mutations.Mutation]] = {}
  for path in modules(root, only):
    found = mutations.find((root / path).read_text(encoding="utf-8"), path)
    random.Random(f"{seed} {path}").shuffle(found)
    shuffled[path] = found
  turns = sorted(shuffled)
  random.Random(seed).shuffle(turns)
  drawn: List[mutations.Mutation] = []
  while len(drawn) < count and any(shuffled.values()):
    for path in turns:
      if shuffled[path] and len(drawn) < count:
        drawn.append(shuffled[path].pop())
  return sorted(drawn, key=lambda m: (m.path, m.start, m.end, m.after))
