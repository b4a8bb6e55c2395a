"""Tests of parity.matrix.bisection; judges are functions of the version."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized

from parity import errors
from parity.matrix import bisection

_VERSIONS = [f"2.{minor}.0" for minor in range(16)]


def _judge(first_bad, *, broken=(), asked=None):
  def judge(version):
    if asked is not None:
      asked.append(version)
    place = _VERSIONS.index(version)
    if place in broken:
      return "error"
    return "fail" if place >= first_bad else "pass"

  return judge


class SearchTest(parameterized.TestCase):
  @parameterized.parameters(*range(1, 16))
  def test_first_bad_version_is_found_wherever_it_is(self, place):
    asked = []
    found = bisection.search(_VERSIONS, _judge(place, asked=asked))
    self.assertEqual(found.first_bad, _VERSIONS[place])
    self.assertEqual(found.last_good, _VERSIONS[place - 1])
    self.assertEmpty(found.unjudged)
    self.assertLessEqual(len(asked), 2 + 4)
    self.assertLen(set(asked), len(asked))

  def test_two_versions_need_no_third(self):
    found = bisection.search(
      ["1", "2"], lambda v: "pass" if v == "1" else "fail"
    )
    self.assertEqual((found.last_good, found.first_bad), ("1", "2"))

  def test_version_that_cannot_be_judged_is_gone_around(self):
    found = bisection.search(_VERSIONS, _judge(5, broken=(7, 8)))
    self.assertEqual(found.first_bad, "2.5.0")
    self.assertEmpty(found.unjudged)

  def test_change_beside_one_that_cannot_be_judged_is_told(self):
    found = bisection.search(_VERSIONS, _judge(5, broken=(4, 5)))
    self.assertEqual((found.last_good, found.first_bad), ("2.3.0", "2.6.0"))
    self.assertEqual(found.unjudged, ("2.4.0", "2.5.0"))

  def test_ends_that_are_not_what_they_were_taken_for_are_refused(self):
    for first_bad, named in ((0, "the good version"), (99, "the bad version")):
      with self.assertRaisesRegex(errors.UsageError, named):
        bisection.search(_VERSIONS, _judge(first_bad))

  def test_one_version_is_no_range(self):
    with self.assertRaisesRegex(errors.UsageError, "two different versions"):
      bisection.search(["2.1.0"], _judge(0))


if __name__ == "__main__":
  absltest.main()
