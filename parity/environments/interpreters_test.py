"""Tests of interpreters, with files that are and are no Python."""

from __future__ import annotations

import os
import pathlib
import sys
from unittest import mock

from absl.testing import absltest

from parity import errors
from parity.environments import interpreters

_HERE = "{}.{}".format(*sys.version_info[:2])


class FindTest(absltest.TestCase):
  def setUp(self) -> None:
    super().setUp()
    self._folder = pathlib.Path(self.create_tempdir().full_path)
    # A uv that has nothing and can fetch nothing.
    self._uv = self._script("uv", "echo no network >&2; exit 2")
    self._environment = {"PATH": "/nonexistent", "PYENV_ROOT": "/nonexistent"}

  def _script(self, name: str, body: str) -> str:
    """Writes a shell script and gives its path."""
    path = self._folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)

  def _python(self, name: str, version: str) -> str:
    """Writes a script that answers as CPython of a version would."""
    return self._script(name, f"echo cpython {version}")

  def _find(self, version: str) -> str:
    with mock.patch.dict(os.environ, self._environment):
      return str(interpreters.find(version, uv=self._uv))

  def test_path_that_a_person_gave_is_taken(self) -> None:
    self._environment["PARITY_PYTHON_3_7"] = self._python("mine", "3.7")
    self.assertEqual(self._find("3.7"), self._environment["PARITY_PYTHON_3_7"])

  def test_given_path_of_another_version_is_passed_over(self) -> None:
    self._environment["PARITY_PYTHON_3_7"] = self._python("mine", "3.8")
    with self.assertRaises(errors.EnvironmentProblem):
      self._find("3.7")

  def test_broken_shim_on_path_gives_way_to_a_pyenv_version(self) -> None:
    self._script("shims/python3.7", "echo not active >&2; exit 127")
    self._environment["PATH"] = str(self._folder / "shims")
    self._environment["PYENV_ROOT"] = str(self._folder)
    self._python("versions/3.7.9/bin/python", "3.7")
    newest = self._python("versions/3.7.16/bin/python", "3.7")
    self.assertEqual(self._find("3.7"), newest)

  def test_interpreter_that_uv_has_is_taken(self) -> None:
    fetched = self._python("managed/python", "3.7")
    self._uv = self._script("uv", f"echo {fetched}")
    self.assertEqual(self._find("3.7"), fetched)

  def test_missing_interpreter_says_how_to_get_it(self) -> None:
    with self.assertRaisesRegex(
      errors.EnvironmentProblem,
      r"Python 3\.7 is not on this machine.*pyenv install.*PARITY_PYTHON_3_7",
    ):
      self._find("3.7")

  def test_running_interpreter_is_found_by_its_path(self) -> None:
    self._environment[f"PARITY_PYTHON_{_HERE.replace('.', '_')}"] = (
      sys.executable
    )
    self.assertEqual(self._find(_HERE), os.path.realpath(sys.executable))

  def test_shim_gives_the_interpreter_behind_it(self) -> None:
    behind = self._python("versions/3.7.16/bin/python3.7", "3.7")
    self._script("shims/python3.7", f"echo cpython 3.7; echo {behind}")
    self._environment["PATH"] = str(self._folder / "shims")
    self.assertEqual(self._find("3.7"), behind)


if __name__ == "__main__":
  absltest.main()
