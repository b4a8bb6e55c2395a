"""Checks every BUILD file, or mends them.

    python -m testing.build_files          says what is wrong
    python -m testing.build_files --fix    mends what can be mended

A new module or test gets its target, one that is gone loses it, and `deps`,
`since` and `until` become what the sources say. All else is a person's.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import sys

from testing.build_files import problems
from testing.build_files import starlark
from testing.build_files import wanted

ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent.parent


def main() -> int:
  """Runs the command line."""
  parser = argparse.ArgumentParser(
    prog="python -m testing.build_files",
    description=__doc__,
    formatter_class=argparse.RawDescriptionHelpFormatter,
  )
  parser.add_argument("--fix", action="store_true", help="mend what can be")
  arguments = parser.parse_args()
  try:
    return _run(is_fixing=arguments.fix)
  except SyntaxError as error:
    print(
      f"{error.filename}:{error.lineno}: {error.msg}. Mend it by hand first."
    )
    return 1


def _run(*, is_fixing: bool) -> int:
  """Checks or mends, and says what is left."""
  tree = wanted.read_tree(ROOT)
  for package, text in tree.builds.items():
    starlark.rules_in(text, f"{package}/BUILD")
  if is_fixing:
    fixed = problems.fixed(tree)
    for package, text in sorted(fixed.items()):
      if tree.builds.get(package) != text:
        path = ROOT / package / "BUILD"
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    tree = wanted.Tree(tree.sources, fixed)
  found = problems.problems_in(tree)
  for problem in found:
    print(problem)
  if found and not is_fixing:
    print("`python -m testing.build_files --fix` mends most of this.")
  return 1 if found else 0


if __name__ == "__main__":
  sys.exit(main())
