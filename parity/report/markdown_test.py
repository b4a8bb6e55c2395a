"""Tests of parity.report.markdown."""

from __future__ import annotations

from absl.testing import absltest

from parity.records import report as report_lib
from parity.report import markdown
from testing import fakes


class ReportsToMarkdownTest(absltest.TestCase):
  def test_a_row_a_check_and_an_item_a_finding(self):
    report = fakes.make_report(
      fakes.make_check("variables_match"),
      fakes.make_check("random_inference", "fail"),
      command="parity check m.py",
    )
    text = markdown.reports_to_markdown([report])
    self.assertIn("### **FAIL** my\\_model: 1 of 2 checks failed", text)
    self.assertIn("| variables_match | pass |", text)
    self.assertIn("| random_inference | **FAIL** |", text)
    self.assertIn("**unknown**: logits is the first", text)
    self.assertIn("tf2 `ported/model.py:20`", text)
    self.assertIn("Again: `parity check m.py`", text)

  def test_a_pass_says_no_command(self):
    report = fakes.make_report(command="parity check m.py")
    self.assertNotIn("Again", markdown.reports_to_markdown([report]))

  def test_a_name_does_not_break_the_table(self):
    check = fakes.make_check("gradients", "error", reason="a | b\n| c |")
    text = markdown.reports_to_markdown([fakes.make_report(check)])
    (row,) = [x for x in text.splitlines() if x.startswith("| gradients")]
    self.assertIn("a \\| b \\| c \\|", row)

  def test_markup_of_a_model_stays_text(self):
    report = report_lib.Report(
      "<img src=x>", "error", error="[a](javascript:b) *c*"
    )
    text = markdown.reports_to_markdown([report])
    self.assertNotIn("<img", text)
    self.assertIn("\\[a\\](javascript:b) \\*c\\*", text)


if __name__ == "__main__":
  absltest.main()
