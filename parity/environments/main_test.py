"""Tests of what Bazel asks environments for; nothing is built here."""

from __future__ import annotations

import contextlib
import io
import os

from absl.testing import absltest

from parity.environments import __main__ as environments


class MainTest(absltest.TestCase):
  def _run(self, *argv):
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
      status = environments.main(argv)
    return status, told.getvalue()

  def test_unknown_cell_is_told_with_the_nearest(self):
    status, told = self._run("tf2.9")
    self.assertEqual(status, 1)
    self.assertIn("There is no cell `tf2.9`. Did you mean `tf2.", told)

  def test_lock_that_is_not_there_is_told(self):
    folder = self.create_tempdir().full_path
    # A uv that is never called: the lock is read before.
    uv = os.path.join(folder, "uv")
    with open(uv, "w") as file:
      file.write("#!/bin/sh\nexit 1\n")
    os.chmod(uv, 0o700)
    path = os.pathsep.join((folder, os.environ["PATH"]))
    with absltest.mock.patch.dict(os.environ, {"PATH": path}):
      status, told = self._run("tf2.8", "--lock", os.path.join(folder, "none"))
    self.assertEqual(status, 1)
    self.assertRegex(told, "cell tf2.8: .*(cannot be read|not on this machine)")


if __name__ == "__main__":
  absltest.main()
