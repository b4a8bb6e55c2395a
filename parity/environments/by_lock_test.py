"""Tests of the names by which other machines know an environment."""

from __future__ import annotations

import dataclasses
import os
import pathlib

from absl.testing import absltest

from parity import cells
from parity import errors
from parity.environments import builds
from parity.environments import by_lock

_CFG = "home = /usr/bin\nimplementation = CPython\nversion_info = 3.9.18\n"


class ByLockTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.store = pathlib.Path(self.create_tempdir().full_path)
    self.lock = self.store / "lock.txt"
    self.lock.write_text("numpy==1.0\n")
    self.cell = cells.Cell(
      "tf9.9", "3.9", "tensorflow==9.9.0", (), (), "a test", gates=True
    )

  def _environment(self, name, cfg=_CFG):
    folder = self.store / name
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text(cfg)
    return builds.Environment("tf9.9", folder)

  def _link(self, environment, cell=None):
    return by_lock.link(environment, cell or self.cell, self.lock)

  def test_link_leads_to_the_environment(self):
    name = self._link(self._environment("tf9.9-abc"))
    self.assertRegex(name, r"^tf9\.9-3\.9\.18-[0-9a-f]{12}$")
    link = self.store / by_lock.FOLDER / name
    self.assertEqual((link / "pyvenv.cfg").read_text(), _CFG)
    self.assertFalse(os.path.isabs(os.readlink(str(link))))

  def test_name_is_the_same_wherever_it_lies(self):
    one = self._link(self._environment("tf9.9-abc"))
    two = self._link(self._environment("tf9.9-def"))
    self.assertEqual(one, two)
    self.assertEqual(len(os.listdir(self.store / by_lock.FOLDER)), 1)
    link = self.store / by_lock.FOLDER / two
    self.assertEqual(os.readlink(str(link)), "../tf9.9-def")

  def test_another_lock_gives_another_name(self):
    environment = self._environment("tf9.9-abc")
    one = self._link(environment)
    self.lock.write_text("numpy==2.0\n")
    self.assertNotEqual(self._link(environment), one)

  def test_another_release_of_python_gives_another_name(self):
    one = self._link(self._environment("tf9.9-abc"))
    newer = _CFG.replace("3.9.18", "3.9.19")
    self.assertNotEqual(self._link(self._environment("tf9.9-def", newer)), one)

  def test_floating_packages_are_of_one_folder_only(self):
    cell = dataclasses.replace(self.cell, floating=("tensorflow",))
    one = self._link(self._environment("tf9.9-abc"), cell)
    self.assertEqual(
      self._link(builds.Environment("x", self.store / "tf9.9-abc"), cell), one
    )
    self.assertNotEqual(self._link(self._environment("tf9.9-def"), cell), one)

  def test_what_is_no_environment_is_told(self):
    environment = self._environment("tf9.9-abc", "")
    with self.assertRaisesRegex(errors.EnvironmentProblem, "which Python"):
      self._link(environment)


if __name__ == "__main__":
  absltest.main()
