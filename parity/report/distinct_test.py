"""Tests of parity.report.distinct."""

from __future__ import annotations

from absl.testing import absltest

from parity.records import report as report_lib
from parity.report import distinct
from testing import fakes


def _report(*findings):
  names = ("random_inference", "random_training", "random_functional")
  return fakes.make_report(
    *[
      fakes.make_check(name, "fail", findings=(finding,))
      for name, finding in zip(names, findings)
    ]
  )


class DistinctFindingsTest(absltest.TestCase):
  def test_the_same_cause_and_place_is_told_once(self):
    report = _report(
      fakes.make_finding("constant", message="first"),
      fakes.make_finding("constant", message="again", max_abs=0.5),
    )
    (found,) = distinct.distinct_findings(report)
    self.assertEqual(found.check, "random_inference")
    self.assertEqual(found.finding.message, "first")
    self.assertEqual([o.check for o in found.also], ["random_training"])
    self.assertEqual(found.also[0].finding.message, "again")

  def test_another_mode_may_name_another_op_for_the_same_line(self):
    place = report_lib.Place(op="graph/MatMul", source="ported/model.py:20")
    report = _report(
      fakes.make_finding("constant"),
      fakes.make_finding("constant", where=fakes.make_where(tf2=place)),
    )
    self.assertLen(distinct.distinct_findings(report), 1)

  def test_an_op_counts_only_where_no_line_is_known(self):
    for source, count in (("legacy/model.py:31", 1), (None, 2)):
      report = _report(
        *[
          fakes.make_finding(
            "regularization",
            where=fakes.make_where(
              tf1=report_lib.Place(op="net/l2", source=source),
              tf2=report_lib.Place(op=op),
            ),
          )
          for op in ("losses/0", "losses/3")
        ]
      )
      self.assertLen(distinct.distinct_findings(report), count)

  def test_another_cause_variable_output_or_line_is_another_finding(self):
    line = report_lib.Place(source="ported/model.py:99")
    for other in (
      fakes.make_finding("op_attribute"),
      fakes.make_finding(
        "constant", message="v", where=fakes.make_where(variable="v")
      ),
      fakes.make_finding(
        "constant", message="o", where=fakes.make_where(output="o")
      ),
      fakes.make_finding("constant", where=fakes.make_where(tf2=line)),
      fakes.make_finding("constant", is_note=True),
    ):
      report = _report(fakes.make_finding("constant"), other)
      self.assertLen(distinct.distinct_findings(report), 2, other)

  def test_the_same_words_on_the_same_ops_are_told_once(self):
    report = _report(
      fakes.make_finding("constant"),
      fakes.make_finding("constant", where=fakes.make_where(output="loss:")),
      fakes.make_finding(
        "constant", where=fakes.make_where(output=None, variable="v")
      ),
    )
    (found,) = distinct.distinct_findings(report)
    self.assertEqual(
      [o.check for o in found.also], ["random_training", "random_functional"]
    )

  def test_the_same_words_on_another_op_of_the_line_are_another_finding(self):
    place = report_lib.Place(op="net/fc_1/MatMul", source="ported/model.py:20")
    where = fakes.make_where(output="o", tf2=place)
    report = _report(
      fakes.make_finding("constant"),
      fakes.make_finding("constant", where=where),
    )
    self.assertLen(distinct.distinct_findings(report), 2)

  def test_findings_without_a_place_are_kept_apart_by_their_messages(self):
    nowhere = report_lib.Where()
    report = _report(
      fakes.make_finding(message="one", where=nowhere),
      fakes.make_finding(message="two", where=nowhere),
      fakes.make_finding(message="one", where=nowhere),
    )
    found = distinct.distinct_findings(report)
    self.assertEqual([f.finding.message for f in found], ["one", "two"])
    self.assertLen(found[0].also, 1)

  def test_notes_come_last(self):
    report = _report(
      fakes.make_finding("rounding", is_note=True), fakes.make_finding()
    )
    found = distinct.distinct_findings(report)
    self.assertEqual([f.finding.is_note for f in found], [False, True])


class PairOfTest(absltest.TestCase):
  def test_the_pair_of_that_output_that_differs(self):
    same = fakes.make_comparison("logits")
    differs = fakes.make_comparison("logits", "beyond")
    check = fakes.make_check(comparisons=(same, differs))
    self.assertIs(distinct.pair_of(fakes.make_finding(), check), differs)

  def test_a_name_that_only_resembles_is_no_partner(self):
    check = fakes.make_check(comparisons=(fakes.make_comparison("logits_2"),))
    self.assertIsNone(distinct.pair_of(fakes.make_finding(), check))

  def test_a_variable_of_the_same_name_is_not_the_output(self):
    pair = fakes.make_comparison("logits", kind="final")
    check = fakes.make_check(comparisons=(pair,))
    self.assertIsNone(distinct.pair_of(fakes.make_finding(), check))


if __name__ == "__main__":
  absltest.main()
