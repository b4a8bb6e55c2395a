"""Tests of parity.errors."""

from __future__ import annotations

import doctest
import errno

from absl.testing import absltest
from absl.testing import parameterized

from parity import errors


class ShortageTest(parameterized.TestCase):
  @parameterized.parameters(errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
  def test_a_full_disk_is_told_with_the_file(self, number):
    found = errors.of_shortage(OSError(number, "No room", "a.json"))
    self.assertIsInstance(found, errors.EnvironmentProblem)
    self.assertStartsWith(str(found), "a.json cannot be written: No room.")

  def test_want_of_memory_is_told(self):
    found = errors.of_shortage(MemoryError())
    self.assertStartsWith(str(found), "There is no memory left. Check")

  @parameterized.parameters(
    KeyError("x"), OSError(errno.EIO, "I/O error"), errors.CaseError("no CASE")
  )
  def test_what_is_about_something_else_is_none(self, error):
    self.assertIsNone(errors.of_shortage(error))

  def test_examples_of_the_docstrings(self):
    self.assertEqual(doctest.testmod(errors).failed, 0)


if __name__ == "__main__":
  absltest.main()
