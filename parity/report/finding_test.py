"""Tests of parity.report.finding."""

from __future__ import annotations

from absl.testing import absltest

from parity.records import report as report_lib
from parity.report import distinct
from parity.report import finding as finding_lib
from testing import fakes


def _distinct(finding, **check_changes):
  check = fakes.make_check(
    "random_inference", "fail", findings=(finding,), **check_changes
  )
  (found,) = distinct.distinct_findings(fakes.make_report(check))
  return found


class FindingLinesTest(absltest.TestCase):
  def test_message_places_figures_and_hint(self):
    found = _distinct(fakes.make_finding("constant"))
    self.assertEqual(
      finding_lib.finding_lines(found, width=80),
      [
        "   logits is the first output that differs.",
        "   at      output logits",
        "   tf1     legacy/model.py:31  MatMul net/fc/MatMul",
        "   tf2     ported/model.py:20  MatMul net/fc/MatMul",
        (
          "   worst   [2, 3] tf1 0.121675015, tf2 0.13167502,"
          " allowed 1.01e-05 (988x)"
        ),
        "   beyond  1 of 20 elements (5%); atol=0.01 would pass",
        "   largest abs 0.01, rel 0.0821, 8.39e+05 ulp",
        "   hint    Look at what makes it on both sides.",
      ],
    )

  def test_code_among_the_details_is_never_wrapped(self):
    code = "  'net/" + "a" * 60 + "': 'net/" + "b" * 60 + "',  # likely"
    finding = fakes.make_finding("variable_renamed", details=(code, "w " * 60))
    text = finding_lib.finding_lines(_distinct(finding), width=80, verbosity=1)
    self.assertIn("     " + code, text)
    self.assertTrue(all(len(line) <= 80 for line in text if code not in line))

  def test_what_the_results_show_and_what_is_known_is_told(self):
    finding = fakes.make_finding(
      "op_attribute",
      pattern="the two results: the port's is 1/2 times tf1's",
      times_noise=5300.0,
      issues=("tensorflow#44038: pixel centres moved",),
    )
    text = "\n".join(finding_lib.finding_lines(_distinct(finding), width=99))
    self.assertIn("8.39e+05 ulp, 5.3e+03x the rounding of tf1's", text)
    self.assertIn("   pattern the two results: the port's is 1/2 times", text)
    self.assertIn("   known   tensorflow#44038: pixel centres moved", text)

  def test_what_nobody_knows_takes_no_line(self):
    text = "\n".join(
      finding_lib.finding_lines(_distinct(fakes.make_finding()), width=80)
    )
    for label in ("pattern", "known", "rounding"):
      self.assertNotIn(label, text)

  def test_the_user_s_lines_stand_below_their_places(self):
    finding = fakes.make_illustrated_finding()
    text = finding_lib.finding_lines(_distinct(finding), width=80)
    place = text.index("   tf2     ported/model.py:20  MatMul net/fc/MatMul")
    self.assertEqual(text[place + 1], "           | net = fc(x)")

  def test_a_title_that_is_too_long_counts_the_checks(self):
    names = ("constant_weights", "random_inference", "random_training")
    report = fakes.make_report(
      *[
        fakes.make_check(name, "fail", findings=(fakes.make_finding(),))
        for name in names
      ]
    )
    (found,) = distinct.distinct_findings(report)
    self.assertEqual(
      finding_lib.title(found, width=40), "in constant_weights, also in 2 more"
    )

  def test_what_is_not_known_takes_no_line(self):
    found = _distinct(
      report_lib.Finding("unknown", "They part."), comparisons=()
    )
    self.assertEqual(
      finding_lib.finding_lines(found, width=80), ["   They part."]
    )

  def test_details_are_counted_and_shown_on_request(self):
    found = _distinct(fakes.make_finding(details=("- kernel", "+ weights")))
    brief = "\n".join(finding_lib.finding_lines(found, width=80))
    self.assertIn("details 2 more lines with -v", brief)
    self.assertNotIn("+ weights", brief)
    full = finding_lib.finding_lines(found, width=80, verbosity=1)
    self.assertEqual(full[-2:], ["     - kernel", "     + weights"])

  def test_what_another_check_said_of_it_is_shown_on_request(self):
    names = ("random_inference", "random_training")
    report = fakes.make_report(
      *[
        fakes.make_check(
          name, "fail", findings=(fakes.make_finding(message=name.upper()),)
        )
        for name in names
      ]
    )
    (found,) = distinct.distinct_findings(report)
    self.assertEqual(
      finding_lib.title(found), "in random_inference, also in random_training"
    )
    full = finding_lib.finding_lines(found, width=80, verbosity=1)
    self.assertEqual(full[-1], "     random_training: RANDOM_TRAINING")

  def test_one_line_names_the_place_unless_the_message_does(self):
    named = _distinct(fakes.make_finding("constant"))
    self.assertStartsWith(
      finding_lib.one_line(named, width=80),
      "constant ported/model.py:20: logits is",
    )
    other = _distinct(fakes.make_finding("constant", message="They part."))
    self.assertEqual(
      finding_lib.one_line(other, width=80),
      "constant ported/model.py:20 logits: They part.",
    )


if __name__ == "__main__":
  absltest.main()
