"""Tests of the cache's proof: does it see what a cache fails to do?"""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized

from testing import suite
from testing.remote import builds
from testing.remote import cache

_TWO = suite.Totals(passed=2)
_RAN = builds.Build(
  _TWO,
  {"//a:t 1": "ran", "//b:t 1": "ran"},
  {"total": 9, "internal": 5, "linux-sandbox": 4},
)
_HIT = builds.Build(
  _TWO,
  {"//a:t 1": "remote cache", "//b:t 1": "remote cache"},
  {"total": 9, "internal": 5, "remote cache hit": 4},
)


def _result(label, **how):
  return {
    "id": {"testResult": {"label": label, "shard": 1}},
    "testResult": {"status": "PASSED", **how},
  }


class BuildTest(absltest.TestCase):
  def test_origins_are_told_apart(self):
    build = builds.build_of(
      [
        {"id": {"started": {}}, "started": {}},
        _result("//a:t", executionInfo={"strategy": "linux-sandbox"}),
        _result("//b:t", executionInfo={"cachedRemotely": True}),
        _result("//c:t", cachedLocally=True),
        _result("//d:t", executionInfo={"strategy": "remote"}),
        {
          "id": {"buildMetrics": {}},
          "buildMetrics": {
            "actionSummary": {
              "runnerCount": [
                {"name": "total", "count": 7},
                {"name": "internal", "count": 3},
                {"name": "remote cache hit", "count": 1},
                {"name": "linux-sandbox", "count": 3},
              ]
            }
          },
        },
      ]
    )
    self.assertEqual(
      build.tests,
      {
        "//a:t 1": "ran",
        "//b:t 1": "remote cache",
        "//c:t 1": "local cache",
        "//d:t 1": "remote",
      },
    )
    self.assertEqual(build.hits, 1)
    self.assertEqual(build.ran, {"linux-sandbox": 3})


class ProofTest(parameterized.TestCase):
  def test_all_from_the_cache_is_silent(self):
    self.assertEmpty(cache.problems_of(_RAN, _HIT, ()))

  @parameterized.named_parameters(
    ("test_ran_again", _RAN, _RAN, (), "//a:t 1 ran again"),
    (
      "action_ran_again",
      _RAN,
      builds.Build(_TWO, _HIT.tests, {"linux-sandbox": 1}),
      (),
      "1 actions were done by `linux-sandbox`",
    ),
    (
      "result_is_missing",
      _RAN,
      builds.Build(_TWO, {"//a:t 1": "remote cache"}, _HIT.actions),
      (),
      "//b:t 1 ran again in the second clone, or had no result",
    ),
    (
      "totals_differ",
      _RAN,
      builds.Build(suite.Totals(), _HIT.tests, _HIT.actions),
      (),
      "0 passed",
    ),
    ("nothing_ran_at_first", _HIT, _HIT, (), "prove nothing"),
    ("place_is_named", _RAN, _HIT, ("/home/me",), "names /home/me"),
  )
  def test_fault_is_found(self, first, second, places, told):
    self.assertIn(told, "\n".join(cache.problems_of(first, second, places)))

  def test_place_is_found_in_a_log(self):
    log = '{"commandArgs": ["/home/me/x"], "path": "bin/x"}'
    self.assertEqual(cache.places_in(log, ["/home/me", "/work"]), ["/home/me"])


if __name__ == "__main__":
  absltest.main()
