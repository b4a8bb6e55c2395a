"""Did this really run in the cell that was asked for?

Bazel and nox both say in PARITY_CELL which cell they chose; the row of the
table says what must be found there. Without this, a toolchain that is not
chosen, or a link to another environment, would make every other result wrong.
"""

from __future__ import annotations

import os
import re
import sys
import unittest

from absl.testing import absltest

from parity import cells
from parity.tf.compat import release


@unittest.skipUnless(
  os.environ.get("PARITY_CELL"), "PARITY_CELL names no cell: run by hand"
)
class CellTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self.table = cells.load_table()
    self.cell = self.table.named(os.environ["PARITY_CELL"])

  def test_python_is_that_of_the_cell(self):
    found = ".".join(map(str, sys.version_info[:2]))
    self.assertEqual(found, self.cell.python)

  def test_tensorflow_is_that_of_the_cell(self):
    found = release.version_text()
    pinned = self.cell.tensorflow.partition("==")[2]
    if pinned:
      self.assertEqual(found, pinned)
    else:
      floor = self.cell.tensorflow.partition(">=")[2].split(".")[:2]
      major, minor = re.findall(r"\d+", found)[:2]
      self.assertGreaterEqual((int(major), int(minor)), tuple(map(int, floor)))

  def test_packages_are_those_of_the_environment_of_the_cell(self):
    self.assertStartsWith(
      os.path.basename(os.path.realpath(sys.prefix)), f"{self.cell.name}-"
    )

  def test_name_of_the_test_says_the_same_cell(self):
    target = os.environ.get("TEST_TARGET")
    if target is None:
      self.skipTest("Bazel did not start it, so it has no name")
    suffix = target.rpartition("_test")[2].lstrip("_")
    self.assertEqual(suffix or self.table.default, self.cell.name)


if __name__ == "__main__":
  absltest.main()
