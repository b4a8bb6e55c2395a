"""Tests of the forms of a matrix: grid, JSON, JUnit XML and Markdown."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ElementTree

from absl.testing import absltest

from parity.records import matrix as matrix_lib
from parity.report import json as json_report
from parity.report.matrix import grid
from parity.report.matrix import json as matrix_json
from parity.report.matrix import junit
from parity.report.matrix import markdown
from parity.report.matrix import squares
from testing import fakes


def _entry(cell="tf2.8", *checks, gates=True, **changes):
  report = fakes.make_report(*checks)
  if changes:
    report = dataclasses.replace(report, checks=(), **changes)
  return matrix_lib.Entry("my_model.py", cell, "tf2", gates, report)


def _matrix(*entries, **changes):
  return matrix_lib.Matrix(
    reference="tf1.15", entries=entries, seconds=1.0, **changes
  )


def _failing(cell="tf2.16", **settings):
  return _entry(
    cell,
    fakes.make_check("variables_match"),
    fakes.make_check("random_inference", "fail"),
    **settings,
  )


def _changed(entry, **changes):
  """The entry with other findings."""
  checks = tuple(
    dataclasses.replace(
      check,
      findings=tuple(
        dataclasses.replace(finding, **changes) for finding in check.findings
      ),
    )
    for check in entry.report.checks
  )
  report = dataclasses.replace(entry.report, checks=checks)
  return dataclasses.replace(entry, report=report)


def _text(matrix, **settings):
  settings.setdefault("width", 80)
  return "\n".join(grid.matrix_lines(matrix, **settings))


class GridTest(absltest.TestCase):
  def test_square_has_verdict_ulp_and_times_the_tolerance(self):
    entry = _entry("tf2.8", fakes.make_check("random_inference"))
    self.assertEqual(
      squares.square(entry, "random_inference"), "pass 3u 0.004x"
    )

  def test_bit_equal_tensors_are_equal(self):
    check = fakes.make_check(
      comparisons=(fakes.make_comparison(status="equal"),)
    )
    entry = _entry("tf2.8", check)
    self.assertEqual(squares.square(entry, "random_inference"), "pass equal")

  def test_failing_cell_is_loud_and_has_its_finding(self):
    text = _text(_matrix(_entry("tf2.8", fakes.make_check()), _failing()))
    self.assertRegex(text, r"random_inference +pass 3u 0\.004x +FAIL 8e\+05u")
    self.assertIn("tf2.16: FAIL my_model", text)
    self.assertIn("logits is the first output that differs.", text)
    self.assertIn("legacy/model.py:31", text)
    self.assertIn("not passed in tf2.16", text.splitlines()[-1])
    self.assertStartsWith(
      text.splitlines()[-1], "FAIL  matrix: 1 case, 2 cells"
    )

  def test_finding_that_cells_share_is_told_once_for_all(self):
    text = _text(_matrix(_failing("tf2.8"), _failing("tf2.16")))
    self.assertIn("tf2.8, tf2.16: FAIL my_model", text)
    self.assertEqual(text.count("logits is the first output that differs."), 1)
    self.assertNotIn("figures", text)

  def test_finding_with_another_message_is_told_for_its_cell(self):
    other = _failing("tf2.16")
    text = _text(_matrix(_failing("tf2.8"), _changed(other, message="Other.")))
    self.assertIn("tf2.8: FAIL my_model", text)
    self.assertIn("tf2.16: FAIL my_model", text)
    self.assertIn("Other.", text)

  def test_figures_that_are_not_the_same_in_all_cells_have_a_name(self):
    other = _changed(_failing("tf2.16"), max_abs=0.125)
    text = _text(_matrix(_failing("tf2.8"), other))
    self.assertIn("tf2.8, tf2.16: FAIL my_model", text)
    self.assertIn("figures of tf2.8; others in tf2.16", text)

  def test_cell_that_fails_without_a_finding_is_told(self):
    bare = _failing("tf2.16")
    checks = tuple(
      dataclasses.replace(check, findings=()) for check in bare.report.checks
    )
    bare = dataclasses.replace(
      bare, report=dataclasses.replace(bare.report, checks=checks)
    )
    self.assertIn("tf2.16: FAIL my_model", _text(_matrix(bare)))

  def test_passing_matrix_has_no_finding(self):
    text = _text(_matrix(_entry("tf2.8", fakes.make_check())))
    self.assertNotIn("FAIL", text)
    self.assertStartsWith(text.splitlines()[-1], "PASS  matrix:")

  def test_nightly_that_fails_is_a_warning_with_its_build(self):
    text = _text(
      _matrix(
        _entry("tf2.8", fakes.make_check()), _failing("nightly", gates=False)
      )
    )
    self.assertIn("warning: nightly (2.21.0) fails my_model", text)
    self.assertIn("--require nightly", text)
    self.assertStartsWith(text.splitlines()[-1], "PASS")

  def test_grid_goes_on_below_where_it_does_not_fit(self):
    entries = [_entry(f"tf2.{n}", fakes.make_check()) for n in range(7)]
    text = _text(_matrix(*entries))
    for line in text.splitlines():
      self.assertLessEqual(len(line), 80)
    heads = [x for x in text.splitlines() if x.startswith("TensorFlow ")]
    self.assertLen(heads, 2)

  def test_note_that_all_cells_share_is_told_once(self):
    check = fakes.make_check(notes=("initial weights were carried over.",))
    text = _text(_matrix(_entry("a", check), _entry("b", check)))
    self.assertEqual(text.count("carried over"), 1)
    other = _text(_matrix(_entry("a", check), _entry("b", fakes.make_check())))
    self.assertIn("a: initial weights were carried over.", other)

  def test_case_that_could_not_run_shows_why(self):
    entry = _entry("tf2.16", verdict="error", error="The worker died.")
    text = _text(_matrix(entry))
    self.assertIn("The worker died.", text)
    self.assertStartsWith(text.splitlines()[-1], "ERROR matrix:")


class JsonTest(absltest.TestCase):
  def test_every_entry_is_there_with_its_report(self):
    out = matrix_lib.LeftOut("tf1.15", "it is the reference")
    plain = matrix_json.matrix_to_plain(_matrix(_failing(), left_out=(out,)))
    back = json.loads(json_report.to_text(plain))
    self.assertEqual(back["schema"], "parity.matrix/1")
    self.assertEqual(back["verdict"], "fail")
    (entry,) = back["entries"]
    self.assertEqual(entry["report"]["schema"], "parity.report/1")
    self.assertEqual(back["left_out"][0]["cell"], "tf1.15")


class JunitTest(absltest.TestCase):
  def _suites(self, matrix):
    return list(ElementTree.fromstring(junit.matrix_to_junit(matrix)))

  def test_there_is_a_test_case_for_each_cell_and_check(self):
    passing, failing = self._suites(
      _matrix(_entry("tf2.8", fakes.make_check()), _failing())
    )
    self.assertEqual(passing.get("failures"), "0")
    self.assertEqual(
      (failing.get("tests"), failing.get("failures")), ("2", "1")
    )
    names = [case.get("name") for case in failing.iter("testcase")]
    self.assertEqual(names, ["variables_match", "random_inference"])
    failure = failing.find("testcase/failure")
    self.assertIn("first output that differs", failure.get("message"))

  def test_cell_that_does_not_gate_turns_nothing_red(self):
    (suite,) = self._suites(_matrix(_failing("nightly", gates=False)))
    self.assertEqual(suite.get("failures"), "0")
    skipped = suite.find("testcase/skipped")
    self.assertIn("warning, does not gate", skipped.get("message"))

  def test_case_that_could_not_run_is_an_error(self):
    (suite,) = self._suites(
      _matrix(_entry("tf2.16", verdict="error", error="It died: \x00\x1b."))
    )
    self.assertEqual((suite.get("tests"), suite.get("errors")), ("1", "1"))
    self.assertIn("It died: ??.", suite.find("testcase/error").text)


class MarkdownTest(absltest.TestCase):
  def test_table_has_a_row_a_check_and_a_column_a_cell(self):
    text = markdown.matrix_to_markdown(
      _matrix(_entry("tf2.8", fakes.make_check()), _failing())
    )
    self.assertIn("| check | tf2.8<br>2.21.0 | tf2.16<br>2.21.0 |", text)
    self.assertIn("| random_inference | pass 3u 0.004x | **FAIL 8e+05u", text)
    self.assertIn("<details><summary>tf2.16: fail</summary>", text)

  def test_what_markdown_would_take_for_marks_is_escaped(self):
    entry = _entry("a", verdict="error", error="a_b|c <d>")
    text = markdown.matrix_to_markdown(_matrix(entry))
    self.assertIn(r"a\_b\|c &lt;d>", text)


if __name__ == "__main__":
  absltest.main()
