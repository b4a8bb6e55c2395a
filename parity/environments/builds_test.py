"""Tests of builds, with a stand-in for uv that makes folders."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import sys
import time
from unittest import mock

from absl.testing import absltest

from parity import cells
from parity import errors
from parity.environments import builds

# `venv FLAGS -p PYTHON FOLDER` makes a folder; each call is written down.
_UV = """#!/bin/sh
echo "$@" >> "$0.calls"
case "$1" in
  venv) shift 5; mkdir -p "$1/bin" && touch "$1/bin/python" ;;
  pip) ! test -e "$0.broken" || { echo no such hash >&2; exit 1; } ;;
esac
"""


class EnsureTest(absltest.TestCase):
  def setUp(self) -> None:
    super().setUp()
    self._folder = pathlib.Path(self.create_tempdir().full_path)
    self._store = self._folder / "store"
    self._uv = self._folder / "uv"
    self._uv.write_text(_UV)
    self._uv.chmod(0o755)
    self._lock = self._folder / "lock.txt"
    self._lock.write_text("numpy==1.0 --hash=sha256:00\n")
    version = "{}.{}".format(*sys.version_info[:2])
    self._cell = cells.Cell(
      name="tf9.8",
      python=version,
      tensorflow="tensorflow==9.8",
      requirements=(),
      floating=(),
      why="a test",
      gates=True,
    )
    self.enter_context(
      mock.patch.dict(
        os.environ,
        {
          "PARITY_ENVIRONMENTS": str(self._store),
          f"PARITY_PYTHON_{version.replace('.', '_')}": sys.executable,
        },
      )
    )

  def _ensure(self) -> builds.Environment:
    return builds.ensure(self._cell, self._lock, uv=str(self._uv))

  def _calls(self) -> str:
    return pathlib.Path(f"{self._uv}.calls").read_text()

  def test_lock_is_installed_with_hashes_and_bytecode(self) -> None:
    made = self._ensure()
    self.assertTrue(pathlib.Path(made.python).is_file())
    self.assertTrue(made.folder.name.startswith("tf9.8-"))
    self.assertRegex(
      self._calls(), r"--compile-bytecode --require-hashes --no-deps -r \S+lock"
    )
    self.assertLen(self._calls().splitlines(), 2)

  def test_unchanged_lock_is_not_built_again(self) -> None:
    first = self._ensure()
    calls = self._calls()
    second = self._ensure()
    self.assertEqual(first.folder, second.folder)
    self.assertEqual(second.seconds, 0.0)
    self.assertEqual(self._calls(), calls)

  def test_changed_lock_gets_another_environment(self) -> None:
    first = self._ensure()
    self._lock.write_text("numpy==2.0 --hash=sha256:00\n")
    self.assertNotEqual(first.folder, self._ensure().folder)

  def test_failed_install_leaves_nothing_and_tells_why(self) -> None:
    broken = pathlib.Path(f"{self._uv}.broken")
    broken.touch()
    with self.assertRaisesRegex(errors.EnvironmentProblem, "no such hash"):
      self._ensure()
    self.assertEmpty(list(self._store.iterdir()))
    broken.unlink()
    self._ensure()

  def test_floating_packages_come_on_top_of_the_lock(self) -> None:
    self._cell = dataclasses.replace(self._cell, floating=("tensorflow",))
    self._ensure()
    last = self._calls().splitlines()[-1]
    self.assertIn("tensorflow==9.8", last)
    self.assertNotIn("--require-hashes", last)

  def test_what_was_built_is_found_and_what_was_not_is_none(self) -> None:
    self.assertIsNone(builds.find(self._cell, self._lock))
    made = self._ensure()
    found = builds.find(self._cell, self._lock)
    self.assertEqual(found.folder, made.folder)
    self._lock.write_text("numpy==2.0 --hash=sha256:00\n")
    self.assertIsNone(builds.find(self._cell, self._lock))

  def test_floating_cell_is_found_whatever_its_day(self) -> None:
    self._cell = dataclasses.replace(self._cell, floating=("tensorflow",))
    made = self._ensure().folder
    (made / "pyvenv.cfg").touch()
    earlier = made.with_name("tf9.8-0123456789ab")
    made.rename(earlier)
    found = builds.find(self._cell, self._lock)
    self.assertEqual(found.folder, earlier)

  def test_requirements_without_a_lock_make_an_environment_of_their_own(
    self,
  ) -> None:
    version = self._cell.python
    made = [
      builds.ensure_unlocked("x", version, wanted, uv=str(self._uv))
      for wanted in (["a==1"], ["a==2"], ["a==1"])
    ]
    self.assertEqual(made[0].folder, made[2].folder)
    self.assertNotEqual(made[0].folder, made[1].folder)
    self.assertEqual(made[2].seconds, 0.0)

  def test_version_of_a_package_is_read_from_its_folder(self) -> None:
    made = self._ensure()
    site = made.folder / "lib" / "python3.9" / "site-packages"
    (site / "tensorflow-2.8.4.dist-info").mkdir(parents=True)
    self.assertEqual(
      builds.version_in(made, "tf_nightly", "tensorflow"), "2.8.4"
    )
    self.assertIsNone(builds.version_in(made, "keras"))

  def test_another_cell_is_never_deleted(self) -> None:
    old = self._ensure().folder
    month_ago = time.time() - 30 * 24 * 3600
    os.utime(str(old / "last-used"), (month_ago, month_ago))
    self._cell = dataclasses.replace(self._cell, name="tf9.9")
    new = self._ensure().folder
    self.assertCountEqual(self._store.iterdir(), [old, new])

  def test_long_unused_environment_is_deleted_and_a_used_one_kept(self) -> None:
    old = self._ensure().folder
    self._lock.write_text("numpy==2.0 --hash=sha256:00\n")
    used = self._ensure().folder
    month_ago = time.time() - 30 * 24 * 3600
    os.utime(str(old / "last-used"), (month_ago, month_ago))
    self._lock.write_text("numpy==3.0 --hash=sha256:00\n")
    new = self._ensure().folder
    self.assertCountEqual(self._store.iterdir(), [used, new])


if __name__ == "__main__":
  absltest.main()
