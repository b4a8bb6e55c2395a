"""Does the benchmark try every cause? Two seeded bugs, and a silent twin."""

from __future__ import annotations

import pathlib
from typing import Dict, List

from absl.testing import absltest

from parity.records import vocabulary
from testing.bugs import expectations

_FEWEST_BUGS = 2

# `unknown` is what is told where no rule knows; no bug may come to that. The
# difference that is `rounding` is no bug, so those cases pass, and the twin of
# one is a bug as small as rounding.
_NO_BUG = ("rounding", "unknown")

_DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "causes"


def _by_cause(names: str) -> Dict[str, List[str]]:
  found: Dict[str, List[str]] = {cause: [] for cause in vocabulary.CAUSES}
  for case in expectations.find():
    for cause in getattr(case, names):
      found[cause].append(case.name)
  return found


class CausesTest(absltest.TestCase):
  def test_every_cause_has_two_seeded_bugs(self):
    seeded: Dict[str, List[str]] = {cause: [] for cause in vocabulary.CAUSES}
    for case in expectations.find():
      if case.is_bug and case.cause is not None:
        seeded[case.cause].append(case.name)
    few = {
      cause: names
      for cause, names in seeded.items()
      if len(names) < _FEWEST_BUGS and cause not in _NO_BUG
    }
    self.assertEmpty(few)

  def test_rounding_has_two_cases_that_pass_with_it(self):
    noted = [
      case.name
      for case in expectations.find()
      if case.cause == "rounding" and not case.is_bug
    ]
    self.assertGreaterEqual(len(noted), _FEWEST_BUGS)

  def test_every_cause_has_a_silent_twin(self):
    twins = _by_cause("twin_of")
    lacking = [c for c, names in twins.items() if not names and c != "unknown"]
    self.assertEmpty(lacking)

  def test_a_twin_is_silent(self):
    loud = [
      case.name
      for case in expectations.find()
      for cause in case.twin_of
      if cause in (case.cause, *case.accept, *case.others)
      or case.is_bug != (cause == "rounding")
    ]
    self.assertEmpty(loud)

  def test_only_words_of_the_vocabulary_are_used(self):
    known = {*vocabulary.CAUSES, None}
    wrong = [
      (case.name, word)
      for case in expectations.find()
      for word in (case.cause, *case.accept, *case.others, *case.twin_of)
      if word not in known
    ]
    self.assertEmpty(wrong)

  def test_every_cause_has_its_page(self):
    lacking = [
      cause
      for cause in vocabulary.CAUSES
      if not (_DOCS / f"{cause}.md").is_file()
    ]
    self.assertEmpty(lacking)


if __name__ == "__main__":
  absltest.main()
