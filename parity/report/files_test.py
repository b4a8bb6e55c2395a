"""Tests of parity.report.files."""

from __future__ import annotations

import os
import resource
import tempfile

from absl.testing import absltest

from parity import errors
from parity.report import files


class WriteTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    made = tempfile.TemporaryDirectory()
    self.addCleanup(made.cleanup)
    self.path = os.path.join(made.name, "report.json")

  def _read(self):
    with open(self.path, encoding="utf-8") as file:
      return file.read()

  def test_replaces_what_is_there(self):
    files.write("one", self.path)
    files.write("two", self.path)
    self.assertEqual(self._read(), "two")

  def test_a_full_disk_leaves_what_was_there_and_nothing_else(self):
    files.write("one", self.path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    self.addCleanup(resource.setrlimit, resource.RLIMIT_FSIZE, before)
    # A file that grows beyond it is refused, as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    with self.assertRaisesRegex(errors.EnvironmentProblem, "Cannot write"):
      files.write("x" * 1000, self.path)
    self.assertEqual(self._read(), "one")
    self.assertEqual(os.listdir(os.path.dirname(self.path)), ["report.json"])

  def test_a_place_that_is_none_is_bad_usage(self):
    with self.assertRaisesRegex(errors.UsageError, "Name a file"):
      files.write("one", os.path.join(self.path, "x", "report.json"))


if __name__ == "__main__":
  absltest.main()
