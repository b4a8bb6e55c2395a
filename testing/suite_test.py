"""Tests of testing.suite: does it count, and does nothing pass silently?"""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
import shutil
import sys
from typing import Dict, Tuple

from absl.testing import absltest

from parity import cells
from parity import errors
from testing import suite

_ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent

_HEAD = "from absl.testing import absltest\nimport unittest\n"
_FOOT = '\nif __name__ == "__main__":\n  absltest.main()\n'
_GOOD = "class T(absltest.TestCase):\n  def test_a(self): pass\n"
_BAD = "class T(absltest.TestCase):\n  def test_a(self): self.fail('seeded')\n"
_WARN = (
  "import warnings\n"
  "class T(absltest.TestCase):\n"
  "  def test_a(self):\n"
  "    warnings.warn_explicit('seeded', UserWarning, 'f.py', 1, '{module}')\n"
)


class RunTest(absltest.TestCase):
  def _run(
    self, files: Dict[str, str], *, limit: float = 60.0, cell: str = "tf2.21"
  ) -> Tuple[suite.Totals, str]:
    """Runs test files in a small project; its totals and what it printed."""
    root = pathlib.Path(self.create_tempdir().full_path)
    (root / "testing").mkdir()
    for name in ("__init__.py", "run_module.py"):
      shutil.copy(str(_ROOT / "testing" / name), str(root / "testing" / name))
    (root / "parity").mkdir()
    for name, body in files.items():
      (root / "parity" / name).write_text(f"{_HEAD}{body}{_FOOT}")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
      totals = suite.run(
        sys.executable,
        cell=cell,
        table=cells.load_table(),
        root=root,
        limit=limit,
      )
    return totals, printed.getvalue()

  def test_passing_and_failing_methods_are_counted(self) -> None:
    totals, printed = self._run({"a_test.py": _GOOD, "b_test.py": _BAD})
    self.assertEqual(totals, suite.Totals(passed=1, failed=1))
    self.assertFalse(totals.is_success)
    self.assertIn("parity/b_test.py: 0 passed, 1 failed, 0 skipped", printed)
    self.assertIn("seeded", printed)

  def test_method_counts_once_whatever_its_subtests(self) -> None:
    body = (
      "class T(absltest.TestCase):\n"
      "  def test_a(self):\n"
      "    for n in range(3):\n"
      "      with self.subTest(n=n): self.assertLess(n, {})\n"
    )
    totals, _ = self._run(
      {"a_test.py": body.format(3), "b_test.py": body.format(1)}
    )
    self.assertEqual(totals, suite.Totals(passed=1, failed=1))

  def test_passing_files_succeed(self) -> None:
    totals, _ = self._run({"a_test.py": _GOOD, "b_test.py": _GOOD})
    self.assertEqual(str(totals), "2 passed, 0 failed, 0 skipped")
    self.assertTrue(totals.is_success)

  def test_skipped_method_is_counted_with_its_reason(self) -> None:
    body = (
      _GOOD + "  @unittest.skip('no such card')\n  def test_b(self): pass\n"
    )
    totals, printed = self._run({"a_test.py": body})
    self.assertEqual(totals, suite.Totals(passed=1, skipped=1))
    self.assertIn("no such card", printed)

  def test_file_that_holds_no_test_fails(self) -> None:
    totals, printed = self._run({"a_test.py": ""})
    self.assertEqual(totals, suite.Totals(failed=1))
    self.assertIn("a_test.py", printed)

  def test_file_that_dies_fails(self) -> None:
    totals, printed = self._run({"a_test.py": "import os\nos._exit(0)\n"})
    self.assertEqual(totals, suite.Totals(failed=1))
    self.assertIn("no results", printed)

  def test_file_that_hangs_is_stopped_and_fails(self) -> None:
    totals, printed = self._run(
      {"a_test.py": "import time\ntime.sleep(60)\n"}, limit=1.0
    )
    self.assertEqual(totals, suite.Totals(failed=1))
    self.assertIn("stopped after 1 s", printed)

  def test_file_for_later_cells_is_skipped_without_import(self) -> None:
    body = 'CELLS_SINCE = "tf2.16"\nraise RuntimeError("imported")\n'
    totals, printed = self._run({"a_test.py": body}, cell="tf2.12")
    self.assertEqual(totals, suite.Totals(skipped=1))
    self.assertIn("cell tf2.12 is not within tf2.16 to nightly", printed)

  def test_file_for_this_cell_and_later_runs(self) -> None:
    body = f'CELLS_SINCE = "tf2.12"\nCELLS_UNTIL = "tf2.12"\n{_GOOD}'
    totals, _ = self._run({"a_test.py": body}, cell="tf2.12")
    self.assertEqual(totals, suite.Totals(passed=1))

  def test_unknown_cell_in_a_file_is_an_error(self) -> None:
    with self.assertRaisesRegex(errors.UsageError, "no cell `tf2.99`"):
      self._run({"a_test.py": f'CELLS_SINCE = "tf2.99"\n{_GOOD}'})

  def test_warning_of_parity_is_an_error(self) -> None:
    body = _WARN.format(module="parity.compare.values")
    totals, _ = self._run({"a_test.py": body})
    self.assertEqual(totals, suite.Totals(failed=1))

  def test_warning_of_others_is_none(self) -> None:
    body = _WARN.format(module="paritycheck.values")
    totals, _ = self._run({"a_test.py": body})
    self.assertEqual(totals, suite.Totals(passed=1))

  def test_run_without_any_test_is_no_success(self) -> None:
    totals, _ = self._run({})
    self.assertFalse(totals.is_success)


class FindTest(absltest.TestCase):
  def test_folder_and_file_narrow_the_selection(self) -> None:
    own = "testing/suite_test.py"
    self.assertEqual(suite.find_tests(_ROOT, [own]), [own])
    below = suite.find_tests(_ROOT, ["testing"])
    self.assertIn(own, below)
    self.assertNotIn("parity/cells_test.py", below)
    self.assertIn("parity/cells_test.py", suite.find_tests(_ROOT))

  def test_workspace_of_its_own_keeps_its_tests(self) -> None:
    root = pathlib.Path(self.create_tempdir().full_path)
    for folder in ("examples/a", "examples/b"):
      (root / folder).mkdir(parents=True)
      (root / folder / "x_test.py").touch()
    (root / "examples/b/MODULE.bazel").touch()
    (root / "MODULE.bazel").touch()
    self.assertEqual(suite.find_tests(root), ["examples/a/x_test.py"])

  def test_path_without_tests_is_an_error(self) -> None:
    with self.assertRaisesRegex(ValueError, os.path.join("testing", "nope")):
      suite.find_tests(_ROOT, ["testing/nope"])


if __name__ == "__main__":
  absltest.main()
