"""Tests of parity.environments.places."""

from __future__ import annotations

import os
import pathlib
import sys
from unittest import mock

from absl.testing import absltest

from parity import cells
from parity import errors
from parity.environments import places


class ResolveTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self._folder = pathlib.Path(self.create_tempdir().full_path)
    self._table = cells.load_table()
    # A store in which nothing was built.
    self.enter_context(
      mock.patch.dict(os.environ, {"PARITY_ENVIRONMENTS": str(self._folder)})
    )

  def _script(self, body):
    path = self._folder / "python"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path

  def _refused(self, text, error=errors.EnvironmentProblem):
    with self.assertRaises(error) as raised:
      places.resolve(text, table=self._table)
    return str(raised.exception)

  def test_own_interpreter_that_is_fit_is_taken(self):
    place = places.resolve(f"mine={sys.executable}", table=self._table)
    self.assertEqual(place, places.Place("mine", sys.executable, gates=True))

  def test_local_is_the_running_interpreter(self):
    place = places.resolve("local", table=self._table)
    self.assertEqual(place.python, sys.executable)

  def test_unknown_cell_names_the_nearest(self):
    told = self._refused("tf2.155", errors.UsageError)
    self.assertIn("no cell `tf2.155`. Did you mean `tf2.15`?", told)

  def test_cell_that_is_not_installed_tells_the_command(self):
    told = self._refused("tf2.15")
    self.assertIn("is not installed. `parity cells install tf2.15`", told)

  def test_program_that_is_no_python_is_named(self):
    told = self._refused("mine=/bin/true")
    self.assertIn("`mine`: /bin/true is no Python interpreter", told)
    self.assertIn("status 0", told)

  def test_interpreter_that_dies_shows_what_it_said(self):
    path = self._script("echo it is broken >&2; kill -9 $$")
    told = self._refused(f"mine={path}")
    self.assertIn("status -9", told)
    self.assertIn("It said: it is broken", told)

  def test_file_that_may_not_be_started_is_told(self):
    path = self._script("true")
    path.chmod(0o644)
    self.assertIn("does not start", self._refused(f"mine={path}"))

  def test_interpreter_that_is_not_there_is_told(self):
    self.assertIn("/no/python does not exist", self._refused("a=/no/python"))

  def test_what_an_interpreter_lacks_is_told_with_the_command(self):
    answer = 'parity-probe {"version": [3, 9, 1], "missing": ["absl"]}'
    path = self._script(f"echo '{answer}'")
    told = self._refused(f"mine={path}")
    self.assertIn("lacks absl-py", told)
    self.assertIn(f"`{path} -m pip install absl-py`", told)

  def test_too_old_a_python_is_told(self):
    path = self._script(
      """echo 'parity-probe {"version": [3, 6, 2], "missing": []}'"""
    )
    self.assertIn("is Python 3.6.2", self._refused(f"mine={path}"))

  def test_half_a_name_is_refused(self):
    for text in ("=/bin/python", "mine="):
      self.assertIn("NAME=/path", self._refused(text, errors.UsageError))

  def test_nothing_is_found_in_an_empty_store(self):
    found = places.find_all(self._table)
    self.assertEqual([f.cell.name for f in found], list(self._table.names))
    self.assertTrue(all(f.environment is None for f in found))

  def test_install_of_an_unknown_cell_makes_nothing(self):
    with self.assertRaises(errors.UsageError):
      places.install(["tf2.21", "tf9"], table=self._table)
    self.assertEmpty(list(self._folder.iterdir()))


if __name__ == "__main__":
  absltest.main()
