"""Tests of testing.bugs.score: the benchmark itself, in the default cell."""

from __future__ import annotations

import pathlib

from absl.testing import absltest

from testing.bugs import expectations
from testing.bugs import score

# What the benchmark's ports need is met in the default cell, where the bar is.
CELLS_SINCE = "tf2.21"
CELLS_UNTIL = "tf2.21"


class ScoreTest(absltest.TestCase):
  def test_the_public_bugs_reach_the_bar(self) -> None:
    cases = expectations.find(["public/*"])
    there = [case for case in cases if not score.is_owed(case)]
    self.assertGreater(len(there), 30)
    found = score.run(there)
    self.assertTrue(found.is_enough, "\n".join(score.summary_of(found)))


class ExpectationsTest(absltest.TestCase):
  def test_a_pattern_that_matches_nothing_is_told(self) -> None:
    with self.assertRaisesRegex(ValueError, "no_such_case"):
      expectations.find(["no_such_case"])

  def test_a_file_without_expect_is_told(self) -> None:
    path = pathlib.Path(self.create_tempfile("x.py", "CASE = None\n").full_path)
    with self.assertRaisesRegex(ValueError, "no EXPECT"):
      expectations.read(path)


if __name__ == "__main__":
  absltest.main()
