"""Tests of parity.cli.cells."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pathlib
from unittest import mock

from absl.testing import absltest

from parity import cells as cells_lib
from parity.cli import cells
from parity.cli import main
from parity.environments import builds
from parity.environments import places


def _run(*argv):
  out, err = io.StringIO(), io.StringIO()
  with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
    status = main.main(argv)
  return status, out.getvalue(), err.getvalue()


class CellsTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self._store = self.create_tempdir().full_path
    self.enter_context(
      mock.patch.dict(os.environ, {"PARITY_ENVIRONMENTS": self._store})
    )

  def test_list_has_every_cell_and_how_to_get_the_missing(self):
    status, out, err = _run("cells")
    self.assertEqual((status, err), (0, ""))
    for cell in cells_lib.load_table().cells:
      self.assertIn(cell.why, out)
      self.assertRegex(out, rf"(?m)^{cell.name} +{cell.python} .* no ")
    self.assertIn("`parity cells install tf1.15 tf2.8", out)

  def test_installed_cell_is_listed_with_its_interpreter(self):
    table = cells_lib.load_table()
    made = builds.Environment("tf2.8", pathlib.Path("/store/tf2.8-1"))
    found = [
      places.Found(c, made if c.name == "tf2.8" else None) for c in table.cells
    ]
    lines = cells.listing(found, default=table.default)
    self.assertIn("tf2.8    /store/tf2.8-1/bin/python", lines)
    self.assertNotIn("tf2.8", lines[-1])

  def test_json_is_parity_cells_1(self):
    status, out, _ = _run("cells", "--json")
    plain = json.loads(out)
    self.assertEqual((status, plain["schema"]), (0, "parity.cells/1"))
    self.assertLen(plain["cells"], len(cells_lib.load_table().cells))
    self.assertIsNone(plain["cells"][0]["interpreter"])

  def test_install_of_an_unknown_cell_is_2_and_makes_nothing(self):
    status, out, err = _run("cells", "install", "tf2.21", "tf2.155")
    self.assertEqual((status, out), (2, ""))
    self.assertIn("Did you mean `tf2.15`?", err)
    self.assertEmpty(os.listdir(self._store))

  def test_install_without_a_name_lists_the_names(self):
    status, _, err = _run("cells", "install")
    self.assertEqual(status, 2)
    self.assertIn("tf1.15, tf2.8", err)

  def test_list_takes_no_name(self):
    status, _, err = _run("cells", "list", "tf2.15")
    self.assertEqual(status, 2)
    self.assertIn("did you mean `parity cells install`?", err)


class FlagsTest(absltest.TestCase):
  """`--cell`, `--tf1-cell` and `--tf2-cell` of the other commands."""

  def setUp(self):
    super().setUp()
    self.enter_context(
      mock.patch.dict(
        os.environ, {"PARITY_ENVIRONMENTS": self.create_tempdir().full_path}
      )
    )

  def test_unknown_cell_names_the_nearest(self):
    for flag in ("--cell", "--tf1-cell", "--tf2-cell"):
      status, _, err = _run("check", "a.py", flag, "tf2.155")
      self.assertEqual(status, 2, flag)
      self.assertIn("Did you mean `tf2.15`?", err)

  def test_cell_that_is_not_installed_tells_the_command(self):
    for argv in (
      ("check", "a.py"),
      ("record", "a.py", "--out", "g"),
      ("verify", "a.py", "--golden", "g"),
    ):
      status, _, err = _run(*argv, "--cell", "tf2.15")
      self.assertEqual(status, 3, argv)
      self.assertIn("`parity cells install tf2.15` makes it", err)

  def test_another_cell_cannot_be_this_process(self):
    status, _, err = _run("check", "a.py", "--no-isolate", "--cell", "tf2.15")
    self.assertEqual(status, 2)
    self.assertIn("--no-isolate", err)


if __name__ == "__main__":
  absltest.main()
