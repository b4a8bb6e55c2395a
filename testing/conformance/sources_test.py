"""What must hold of every source file: the floor of Python, and its size."""

from __future__ import annotations

import ast
import os
import pathlib
import re
import subprocess
import sys
from typing import List
import unittest

from absl.testing import absltest

from parity import cells

# `ast.parse` cannot be told a Python version on 3.7; there, tests run on it.
CELLS_SINCE = "tf2.8"

_ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent.parent
_FLOOR = (3, 7)
_MOST_LINES = 400


def _modules(*folders: str) -> List[pathlib.Path]:
  """Every Python file below some folders."""
  found = [p for folder in folders for p in (_ROOT / folder).rglob("*.py")]
  return sorted(found)


def _parses_on_the_floor(text: str) -> bool:
  """Whether Python 3.7 has this syntax."""
  try:
    ast.parse(text, feature_version=_FLOOR)
  except SyntaxError:
    return False
  return True


class FloorTest(absltest.TestCase):
  def test_every_module_of_parity_parses_as_python_37(self) -> None:
    paths = _modules("parity")
    self.assertGreater(len(paths), 30)
    for path in paths:
      with self.subTest(path.relative_to(_ROOT).as_posix()):
        self.assertTrue(_parses_on_the_floor(path.read_text(encoding="utf-8")))

  @unittest.skipIf(
    (3, 8) <= sys.version_info[:2] < (3, 10),
    "this Python's parser takes := and / whatever version it is asked for",
  )
  def test_newer_syntax_is_seen(self) -> None:
    for text in (
      "if (n := 1): pass",
      "def f(x, /): pass",
      "match x:\n  case 1: pass",
    ):
      self.assertFalse(_parses_on_the_floor(text), text)
    self.assertTrue(_parses_on_the_floor("def f(x, *, y): return f'{x}'"))


class SizeTest(absltest.TestCase):
  def test_no_module_is_longer_than_400_lines(self) -> None:
    long = {
      path.relative_to(_ROOT).as_posix(): lines
      for path in [*_modules("parity", "testing"), _ROOT / "noxfile.py"]
      for lines in [len(path.read_text(encoding="utf-8").splitlines())]
      if lines > _MOST_LINES
    }
    self.assertEmpty(long)


class VersionsTest(absltest.TestCase):
  def test_no_tensorflow_requirement_stands_outside_the_table(self) -> None:
    pattern = re.compile(
      r"\b(tensorflow|tf[-_](keras|nightly))\s*[=<>~]=\s*[12]\."
    )
    found = [
      path.relative_to(_ROOT).as_posix()
      for path in [*_modules("parity", "testing"), _ROOT / "noxfile.py"]
      if pattern.search(path.read_text(encoding="utf-8"))
    ]
    self.assertEmpty(found)

  def test_every_cell_that_a_test_names_is_in_the_table(self) -> None:
    table = cells.load_table()
    pattern = re.compile(r'^CELLS_(?:SINCE|UNTIL) = "(.*)"$', re.MULTILINE)
    names = [
      name
      for path in _modules("parity", "testing")
      for name in pattern.findall(path.read_text(encoding="utf-8"))
    ]
    self.assertContainsSubset(names, table.names)
    self.assertNotEmpty(names)

  def test_readme_names_every_cell(self) -> None:
    text = (_ROOT / "README.md").read_text(encoding="utf-8")
    for name in cells.load_table().names:
      self.assertIn(f"| `{name}` |", text)


class LightnessTest(absltest.TestCase):
  def test_import_of_parity_loads_no_other_package(self) -> None:
    program = (
      "import sys\n"
      "import parity, parity.cells, parity.errors\n"
      "heavy = 'tensorflow keras numpy absl rich jinja2'.split()\n"
      "print([name for name in heavy if name in sys.modules])"
    )
    answer = subprocess.run(
      [sys.executable, "-c", program],
      cwd=str(_ROOT),
      stdin=subprocess.DEVNULL,
      capture_output=True,
      text=True,
      check=True,
    )
    self.assertEqual(answer.stdout.strip(), "[]")


if __name__ == "__main__":
  absltest.main()
