"""Tests of testing.mutants: what it breaks, what it leaves, and who notices."""

from __future__ import annotations

import ast
import pathlib

from absl.testing import absltest

from testing.mutants import __main__ as program
from testing.mutants import chosen
from testing.mutants import equivalents
from testing.mutants import importers
from testing.mutants import mutations
from testing.mutants import trials

# `ast.unparse` is Python 3.9's; what is broken is the same in every cell.
CELLS_SINCE = "tf2.21"
CELLS_UNTIL = "tf2.21"

_SOURCE = '''"""Is 1 < 2?"""
from typing import Dict

Table = Dict[str, int]


def grade(points: int, bar: float = 0.5) -> str:
  """Says `pass` from 1 + 1 on."""
  if points < 3 and not bar == 2.0:
    return "fail"
  points += 1
  for i in range(points, 9):
    if is_odd(i, bar):
      continue
  return f"pass {points - 1}" if points else words(points)
'''
_LEFT_ALONE = '''"""A docstring, 1 + 1."""
from typing import Dict

import numpy as np

Matrix = "np.ndarray[1]"


@frozen(True)
class Thing:
  """Holds 1 < 2."""

  count: Dict[str, "1"]

  def __repr__(self) -> str:
    return "Thing" if self.count == 1 else f"{1 + 1}"

  def check(self, other: "Dict[1, 2]") -> "1 < 2":
    assert isinstance(other, 2), "1 + 1"
    text = "no" + f" {other + 1} thing"
'''
# One of each folder and more, all noticed by the test beside the module.
_FIXED = (
  ("parity/compare/ulp.py", "reference.dtype.name != other.dtype.name"),
  ("parity/compare/names.py", None),
  ("parity/explain/frontier.py", None),
  ("parity/checks/scales.py", "return factor"),
  ("parity/checks/check.py", "any((not f.is_note for f in findings))"),
)


def _kinds(source: str) -> set:
  return {m.kind for m in mutations.find(source, "x.py")}


def _write(root: pathlib.Path, path: str, text: str) -> None:
  (root / path).parent.mkdir(parents=True, exist_ok=True)
  (root / path).write_text(text, encoding="utf-8")


class MutationsTest(absltest.TestCase):
  def test_every_kind_is_found(self):
    self.assertEqual(
      _kinds(_SOURCE),
      {
        "arithmetic",
        "compare",
        "condition",
        "constant",
        "deleted",
        "logic",
        "not",
        "returned",
        "swapped",
      },
    )

  def test_what_no_behaviour_hangs_on_is_left_alone(self):
    self.assertEqual(mutations.find(_LEFT_ALONE, "x.py"), [])

  def test_a_boundary_moves_and_nothing_else_does(self):
    (found,) = [
      m
      for m in mutations.find(_SOURCE, "x.py")
      if m.kind == "compare" and m.before == "points < 3"
    ]
    self.assertEqual(found.function, "grade")
    self.assertEqual(
      found.applied(_SOURCE), _SOURCE.replace("points < 3", "(points <= 3)")
    )

  def test_each_is_other_code_that_parses(self):
    whole = ast.dump(ast.parse(_SOURCE))
    texts = [m.applied(_SOURCE) for m in mutations.find(_SOURCE, "x.py")]
    self.assertLen(set(texts), len(texts))
    for text in texts:
      self.assertNotEqual(ast.dump(ast.parse(text)), whole)

  def test_text_that_is_no_ascii_moves_no_offset(self):
    source = "x = 'µ' if a < b else 'ü'\n"
    texts = [m.applied(source) for m in mutations.find(source, "x.py")]
    self.assertEqual(texts, ["x = 'µ' if (a <= b) else 'ü'\n"])


class ChosenTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.root = pathlib.Path(self.create_tempdir().full_path)
    for name in ("a", "b", "c"):
      _write(self.root, f"parity/compare/{name}.py", _SOURCE)
    _write(self.root, "parity/compare/a_test.py", _SOURCE)

  def test_the_count_is_dealt_out_evenly_and_no_test_is_broken(self):
    drawn = chosen.draw(self.root, count=7, seed=1, only=["parity/compare"])
    counts = [
      sum(m.path.endswith(f"/{name}.py") for m in drawn) for name in "abc"
    ]
    self.assertEqual(sum(counts), 7)
    self.assertLessEqual(max(counts) - min(counts), 1)

  def test_the_same_seed_draws_the_same(self):
    first, again, other = (
      chosen.draw(self.root, count=7, seed=seed, only=["parity/compare"])
      for seed in (1, 1, 2)
    )
    self.assertEqual(first, again)
    self.assertNotEqual(first, other)

  def test_a_change_in_one_module_moves_no_other(self):
    before = chosen.draw(self.root, count=6, seed=1, only=["parity/compare"])
    _write(self.root, "parity/compare/a.py", "x = 1 < 2\ny = 3\nz = 5\n")
    after = chosen.draw(self.root, count=6, seed=1, only=["parity/compare"])
    others = [m for m in before if not m.path.endswith("/a.py")]
    self.assertEqual(others, [m for m in after if m in others])


class TrialsTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.root = pathlib.Path(self.create_tempdir().full_path)
    for folder in (
      "docs",
      "parity",
      "parity/compare",
      "testing",
      "third_party",
    ):
      _write(self.root, f"{folder}/__init__.py", "")
    _write(self.root, "pyproject.toml", "")
    _write(
      self.root,
      "parity/compare/x.py",
      "def least(a, b):\n  while a < 0:\n    a += 1\n  return a < b\n",
    )
    _write(
      self.root,
      "parity/compare/x_test.py",
      "import unittest\nfrom parity.compare import x\n"
      "class XTest(unittest.TestCase):\n"
      "  def test_least(self):\n"
      "    self.assertTrue(x.least(-2, 2))\n"
      "    self.assertFalse(x.least(3, 2))\n",
    )
    self.source = (self.root / "parity/compare/x.py").read_text("utf-8")
    copy = pathlib.Path(self.create_tempdir().full_path)
    self.tree = trials.Tree(self.root, copy)
    self.mutations = {
      m.before: m for m in mutations.find(self.source, "parity/compare/x.py")
    }

  def test_what_a_test_sees_is_killed_and_what_none_sees_survives(self):
    killed = self.tree.trial(self.mutations["return a < b"])
    self.assertEqual((killed.outcome, killed.stage), ("killed", "beside"))
    self.assertEqual(killed.killer, "parity.compare.x_test test_least")
    boundary = self.tree.trial(self.mutations["a < b"])
    self.assertEqual((boundary.outcome, boundary.killer), ("survived", ""))

  def test_the_checkout_and_later_trials_see_nothing_of_it(self):
    self.tree.trial(self.mutations["return a < b"])
    text = (self.root / "parity/compare/x.py").read_text("utf-8")
    self.assertEqual(text, self.source)
    self.assertEqual(self.tree.run_tests(["parity.compare.x_test"]), "")

  def test_a_tree_whose_tests_fail_already_is_told(self):
    paths = ["parity/compare/x.py"]
    found = program.baseline_problem(self.tree, paths, has_cases=False)
    self.assertEqual(found, "")
    _write(
      self.root, "parity/compare/x.py", self.source.replace("a < b", "b < a")
    )
    tree = trials.Tree(self.root, pathlib.Path(self.create_tempdir().full_path))
    found = program.baseline_problem(tree, paths, has_cases=False)
    self.assertEqual(found, "parity.compare.x_test test_least")

  def test_a_share_counts_survivors_and_nothing_tried_is_nothing(self):
    mutation = self.mutations["a < b"]
    tried = [
      trials.Trial(mutation, outcome)
      for outcome in ("killed", "survived", "timeout", "killed")
    ]
    self.assertEqual(program.share_noticed(tried), 0.75)
    self.assertEqual(program.share_noticed([]), 0.0)
    self.assertIn(str(mutation), program.summary_of(tried, equivalent=1))


class OursTest(absltest.TestCase):
  """The short form: some fixed mutants of parity itself."""

  def test_fixed_mutants_are_noticed_and_the_whole_tree_is_not(self):
    copy = pathlib.Path(self.create_tempdir().full_path)
    tree = trials.Tree(program.ROOT, copy)
    for path, before in _FIXED:
      source = (program.ROOT / path).read_text(encoding="utf-8")
      wanted = next(
        m
        for m in mutations.find(source, path)
        if m.before == before or (before is None and m.kind == "condition")
      )
      beside = f"{path[:-3].replace('/', '.')}_test"
      tests = [t for t in tree.tests_of(path) if t == beside]
      with self.subTest(str(wanted)):
        self.assertEqual(tree.run_tests(tests), "")
        self.assertEqual(tree.trial(wanted).outcome, trials.KILLED)

  def test_the_nearest_tests_come_first(self):
    tests = importers.Importers(program.ROOT).tests_of("parity/compare/ulp.py")
    self.assertEqual(tests[0], "parity.compare.ulp_test")
    packages = [name.split(".")[1] for name in tests]
    self.assertIn("explain", packages)
    self.assertNotIn("compare", packages[packages.index("explain") :])

  def test_equivalents_are_of_modules_that_are_there_and_give_a_reason(self):
    for each in equivalents.EQUIVALENTS:
      with self.subTest(each):
        source = (program.ROOT / each.path).read_text(encoding="utf-8")
        keys = [m.key for m in mutations.find(source, each.path)]
        key = (each.path, each.function, each.before, each.after)
        self.assertIn(key, keys)
        self.assertGreater(len(each.reason.split()), 4)


if __name__ == "__main__":
  absltest.main()
