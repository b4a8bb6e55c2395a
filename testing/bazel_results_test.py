"""Tests of the count of what `bazel test` came to."""

from __future__ import annotations

import pathlib
from urllib import parse

from absl.testing import absltest

from testing import bazel_results
from testing import suite

_CASES = {
  "pass": "",
  "fail": '<failure message="no"/>',
  "skip": '<skipped message="why"/>',
}


class BazelResultsTest(absltest.TestCase):
  def _result(self, label, status, *cases, shard=1):
    """The event of a test that ran, with a method a case."""
    folder = pathlib.Path(self.create_tempdir().full_path)
    written = "".join(
      f'<testcase classname="T" name="{case}{number}"'
      f' status="{"notrun" if case == "skip" else "run"}">{_CASES[case]}'
      "</testcase>"
      for number, case in enumerate(cases)
    )
    outputs = []
    if cases:
      path = folder / "a b.xml"
      path.write_text(
        f"<testsuites><testsuite>{written}</testsuite></testsuites>"
      )
      outputs = [{"name": "test.xml", "uri": path.as_uri()}]
    return {
      "id": {"testResult": {"label": label, "run": 1, "shard": shard}},
      "testResult": {"status": status, "testActionOutput": outputs},
    }

  def _aborted(self, label, reason):
    return {
      "id": {"targetCompleted": {"label": label}},
      "aborted": {"reason": reason},
    }

  def _totals(self, *events):
    found = bazel_results.totals_of(events)
    return (found.passed, found.failed, found.skipped)

  def test_methods_of_all_shards_are_counted(self):
    self.assertEqual(
      self._totals(
        {"id": {"started": {}}, "started": {}},
        self._result("//a:t", "PASSED", "pass", "skip", shard=1),
        self._result("//a:t", "FAILED", "pass", "fail", shard=2),
        self._result("//b:t", "PASSED", "pass"),
      ),
      (3, 1, 1),
    )

  def test_check_that_a_report_skips_is_skipped(self):
    result = self._result("//a:t", "PASSED", "pass", "skip")
    uri = result["testResult"]["testActionOutput"][0]["uri"]
    path = pathlib.Path(parse.unquote(parse.urlparse(uri).path))
    path.write_text(path.read_text().replace(' status="notrun"', ""))
    self.assertEqual(self._totals(result), (1, 0, 1))

  def test_only_the_last_attempt_counts(self):
    self.assertEqual(
      self._totals(
        self._result("//a:t", "FAILED", "fail"),
        self._result("//a:t", "PASSED", "pass"),
      ),
      (1, 0, 0),
    )

  def test_test_that_dies_is_a_failure(self):
    self.assertEqual(self._totals(self._result("//a:t", "TIMEOUT")), (0, 1, 0))
    self.assertEqual(
      self._totals(self._result("//a:t", "FAILED", "pass")), (1, 1, 0)
    )

  def test_target_that_its_cell_cannot_run_is_skipped(self):
    self.assertEqual(self._totals(self._aborted("//a:t", "SKIPPED")), (0, 0, 1))

  def test_target_that_cannot_be_built_is_a_failure(self):
    for reason in ("ANALYSIS_FAILURE", "INCOMPLETE"):
      self.assertEqual(self._totals(self._aborted("//a:t", reason)), (0, 1, 0))

  def test_nothing_that_ran_is_no_success(self):
    self.assertFalse(suite.Totals(skipped=3).is_success)


if __name__ == "__main__":
  absltest.main()
