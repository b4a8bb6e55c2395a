"""Tests of parity.report.annotations."""

from __future__ import annotations

import os

from absl.testing import absltest

from parity.records import report as report_lib
from parity.report import annotations
from testing import fakes


def _lines(*checks, root="/src", **changes):
  report = fakes.make_report(*checks, **changes)
  return annotations.annotation_lines([report], root=root)


class AnnotationLinesTest(absltest.TestCase):
  def test_a_finding_stands_on_the_port_s_line(self):
    (line,) = _lines(fakes.make_check("random_inference", "fail"))
    self.assertStartsWith(
      line,
      "::error file=ported/model.py,line=20,title=my_model%3A unknown in"
      " random_inference::logits is the first",
    )
    self.assertIn("%0AOn the tf1 side: legacy/model.py:31", line)

  def test_on_the_tf1_line_where_the_port_s_is_not_known(self):
    where = fakes.make_where(tf2=report_lib.Place())
    finding = fakes.make_finding(where=where)
    (line,) = _lines(fakes.make_check("gradients", "fail", findings=(finding,)))
    self.assertIn("file=legacy/model.py,line=31,", line)

  def test_a_pass_says_nothing(self):
    self.assertEmpty(_lines())

  def test_a_note_is_no_error(self):
    finding = fakes.make_finding("rounding", is_note=True)
    (line,) = _lines(fakes.make_check("random_training", findings=(finding,)))
    self.assertStartsWith(line, "::notice ")

  def test_what_gates_nothing_is_a_warning(self):
    report = fakes.make_report(fakes.make_check("gradients", "fail"))
    (line,) = annotations.annotation_lines([report], level="warning")
    self.assertStartsWith(line, "::warning file=ported/model.py,line=20,")

  def test_what_could_not_run_stands_on_the_case_file(self):
    (line,) = _lines(fakes.make_check("gradients", "error"))
    self.assertStartsWith(line, "::error file=my_model_parity.py,title=")
    self.assertIn("killed (signal 9)", line)

  def test_no_name_begins_another_command(self):
    finding = fakes.make_finding(
      message="100%\r\n::error::x", hint="a,b:c", where=report_lib.Where()
    )
    check = fakes.make_check("gradients", "fail", findings=(finding,))
    (line,) = _lines(check, case="a:b,c\n::warning::", path="/src/a,b.py")
    self.assertNotIn("\n", line)
    self.assertStartsWith(
      line,
      "::error file=a%2Cb.py,title=a%3Ab%2Cc%0A%3A%3Awarning%3A%3A%3A unknown",
    )
    self.assertIn("::100%25%0D%0A::error::x%0AHint: a,b:c", line)

  def test_paths_below_the_root_are_relative_and_others_are_not(self):
    for source, shown in (
      ("/src/a/m.py:3", "a/m.py"),
      ("/elsewhere/m.py:3", "/elsewhere/m.py"),
    ):
      line = annotations.command("error", "t", "m", source=source, root="/src")
      self.assertIn(f"file={shown},line=3", line, source)

  def test_the_root_is_the_working_directory(self):
    source = os.path.join(os.getcwd(), "m.py") + ":3"
    where = fakes.make_where(tf2=report_lib.Place(source=source))
    finding = fakes.make_finding(where=where)
    check = fakes.make_check("gradients", "fail", findings=(finding,))
    (line,) = annotations.annotation_lines([fakes.make_report(check)])
    self.assertIn("file=m.py,line=3", line)


if __name__ == "__main__":
  absltest.main()
