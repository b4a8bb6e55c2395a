"""Tests of parity.report.junit."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from absl.testing import absltest

from parity.records import report as report_lib
from parity.report import junit
from testing import fakes


def _read(*reports):
  return ElementTree.fromstring(junit.reports_to_junit(reports))


class ReportsToJunitTest(absltest.TestCase):
  def test_each_status_has_its_element(self):
    report = fakes.make_report(
      fakes.make_check("variables_match"),
      fakes.make_check("random_inference", "fail"),
      fakes.make_check("random_training", "error"),
      fakes.make_check("random_functional", "skip"),
    )
    (suite,) = _read(report)
    self.assertEqual(
      [suite.get(k) for k in ("tests", "failures", "errors", "skipped")],
      ["4", "1", "1", "1"],
    )
    tags = [[child.tag for child in case] for case in suite]
    self.assertEqual(tags, [[], ["failure"], ["error"], ["skipped"]])
    failure = suite[1][0]
    self.assertStartsWith(failure.get("message"), "unknown: logits")
    self.assertIn("ported/model.py:20", failure.text)
    self.assertIn("hint: ", failure.text)

  def test_a_note_is_no_failure(self):
    finding = fakes.make_finding("rounding", is_note=True)
    check = fakes.make_check("random_inference", findings=(finding,))
    (suite,) = _read(fakes.make_report(check))
    self.assertEqual(suite.get("failures"), "0")
    self.assertEmpty(list(suite[0]))

  def test_a_case_that_did_not_run_is_an_error(self):
    report = report_lib.Report("broken.py", "error", error="no CASE")
    (suite,) = _read(report)
    self.assertEqual(suite.get("errors"), "1")
    self.assertEqual(suite[0][0].text, "no CASE")

  def test_what_xml_cannot_hold_is_replaced(self):
    finding = fakes.make_finding(message="a\x00b<\ud800>&")
    check = fakes.make_check("gradients", "fail", findings=(finding,))
    (suite,) = _read(fakes.make_report(check, case="]]>\x1b"))
    self.assertIn("a?b<?>&", suite[0][0].text)
    self.assertEqual(suite[0].get("classname"), "]]>?")

  def test_a_suite_a_case(self):
    root = _read(fakes.make_report(), fakes.make_report(case="other"))
    names = [suite.get("name") for suite in root]
    self.assertEqual(names, ["parity.my_model", "parity.other"])


if __name__ == "__main__":
  absltest.main()
