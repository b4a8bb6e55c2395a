"""Tests of parity.cli.check, with a pipeline that answers from records."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile

from absl.testing import absltest

from parity import errors
from parity.cli import main
from parity.cli import services as services_lib
from parity.records import facts as facts_lib
from parity.records import options as options_lib
from testing import fakes


class Pipeline:
  """Answers every target with the next report and remembers the question."""

  def __init__(self, *reports, error=None):
    self._reports = reports
    self._error = error
    self.targets = None
    self.options = None

  def check_files(self, targets, *, options, watch):
    self.targets, self.options = tuple(targets), options
    if watch is not None:
      watch(options_lib.Progress("my_model", "tf1", "graph, training", 1, 4))
    if self._error is not None:
      raise self._error
    return self._reports

  def describe(self, targets, *, options):
    self.targets, self.options = tuple(targets), options
    return tuple(
      facts_lib.CaseFacts(name=target, has_loss=True, tags=("gpu",))
      for target in targets
    )


class CheckTestCase(absltest.TestCase):
  """Runs the command, with its output and its JSON file at hand."""

  def setUp(self):
    super().setUp()
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = folder.name
    self.json = os.path.join(self.folder, "out.json")

  def _run(self, pipeline, *argv):
    services = services_lib.Services(
      check_files=pipeline.check_files, describe=pipeline.describe
    )
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
      status = main.main(("check",) + argv, services=services)
    return status, out.getvalue(), err.getvalue()

  def _written(self):
    with open(self.json, encoding="utf-8") as stream:
      return json.load(stream)


class CheckTest(CheckTestCase):
  def test_a_pass_is_0_with_the_verdict_last_and_progress_apart(self):
    status, out, err = self._run(Pipeline(fakes.make_report()), "a.py")
    self.assertEqual(status, 0)
    self.assertStartsWith(out.splitlines()[-1], "PASS  my_model")
    self.assertIn("my_model tf1: graph, training (1 of 4 done)", err)
    self.assertNotIn("graph, training", out)

  def test_a_failure_is_1_and_tells_its_finding(self):
    report = fakes.make_report(fakes.make_check(status="fail"))
    status, out, _ = self._run(Pipeline(report), "a.py")
    self.assertEqual(status, 1)
    self.assertIn("1. unknown  in random_inference", out)
    self.assertStartsWith(out.splitlines()[-1], "FAIL  my_model")

  def test_an_error_is_3(self):
    report = fakes.make_report(fakes.make_check(status="error"))
    self.assertEqual(self._run(Pipeline(report), "a.py")[0], 3)

  def test_nothing_checked_is_an_error(self):
    status, _, err = self._run(Pipeline(), "a.py")
    self.assertEqual(status, 3)
    self.assertIn("No case was checked in a.py", err)

  def test_flags_reach_the_pipeline(self):
    pipeline = Pipeline(fakes.make_report())
    self._run(
      pipeline,
      *("a.py", "b.py:SMALL", "--steps", "gradients,variables_match"),
      *("--strict", "--seed", "7", "--no-isolate", "--timeout", "90"),
      *("--numerics", "strict"),
    )
    self.assertEqual(pipeline.targets, ("a.py", "b.py:SMALL"))
    self.assertEqual(
      pipeline.options,
      options_lib.Options(
        steps=("variables_match", "gradients"),
        strict=True,
        seed=7,
        isolate=False,
        timeout=90.0,
        numerics="strict",
      ),
    )

  def test_no_flag_is_the_default_options(self):
    pipeline = Pipeline(fakes.make_report())
    self._run(pipeline, "a.py")
    self.assertEqual(pipeline.options, options_lib.Options())

  def test_quiet_is_the_verdict_alone(self):
    status, out, err = self._run(Pipeline(fakes.make_report()), "a.py", "-q")
    self.assertEqual((status, err), (0, ""))
    self.assertEqual(out, "PASS  my_model: 2 checks passed, 12.3 s\n")

  def test_several_cases_end_with_a_line_each_and_the_worst_status(self):
    reports = (
      fakes.make_report(case="first"),
      fakes.make_report(fakes.make_check(status="fail"), case="second"),
    )
    status, out, _ = self._run(Pipeline(*reports), "a.py", "b.py")
    self.assertEqual(status, 1)
    first, second = out.splitlines()[-2:]
    self.assertStartsWith(first, "PASS  first")
    self.assertStartsWith(second, "FAIL  second")


class JsonTest(CheckTestCase):
  def test_one_target_is_a_report(self):
    self._run(Pipeline(fakes.make_report()), "a.py", "--json", self.json)
    self.assertEqual(self._written()["schema"], "parity.report/1")
    self.assertEqual(self._written()["verdict"], "pass")

  def test_several_targets_are_reports_in_order(self):
    reports = [fakes.make_report(case=name) for name in ("one", "two")]
    self._run(Pipeline(*reports), "a.py", "b.py", "--json", self.json)
    written = self._written()
    self.assertEqual(written["schema"], "parity.reports/1")
    self.assertEqual([r["case"] for r in written["reports"]], ["one", "two"])

  def test_an_error_replaces_the_verdict_of_an_earlier_run(self):
    self._run(Pipeline(fakes.make_report()), "a.py", "--json", self.json)
    for error in (
      errors.CaseError("No CASE."),
      KeyError(),
      KeyboardInterrupt(),
    ):
      self._run(Pipeline(error=error), "a.py", "--json", self.json)
      self.assertEqual(self._written()["verdict"], "error")
      self.assertEqual(
        self._written()["error"], str(error) or type(error).__name__
      )

  def test_a_place_that_cannot_be_written_is_refused_before_the_work(self):
    for path in (os.path.join(self.folder, "none", "x.json"), self.folder):
      pipeline = Pipeline(fakes.make_report())
      status, _, err = self._run(pipeline, "a.py", "--json", path)
      self.assertEqual(status, 2)
      self.assertIn(f"Cannot write --json {path}", err)
      self.assertIsNone(pipeline.targets)


class FormsTest(CheckTestCase):
  def _paths(self):
    forms = ("html", "json", "junit", "markdown")
    return {form: os.path.join(self.folder, f"out.{form}") for form in forms}

  def _read(self, form):
    with open(self._paths()[form], encoding="utf-8") as file:
      return file.read()

  def _flags(self):
    return [f"--{form}={path}" for form, path in self._paths().items()]

  def test_every_form_is_written(self):
    report = fakes.make_report(fakes.make_check(status="fail"))
    status, out, _ = self._run(Pipeline(report), "a.py", *self._flags())
    self.assertEqual(status, 1)
    for form, part in (
      ("html", "<title>fail: my_model</title>"),
      ("json", '"verdict": "fail"'),
      ("junit", "<testsuites"),
      ("markdown", "### **FAIL** my\\_model"),
    ):
      self.assertIn(part, self._read(form), form)
    self.assertNotIn("::error", out)

  def test_an_error_is_in_every_form(self):
    self._run(Pipeline(fakes.make_report()), "a.py", *self._flags())
    error = errors.CaseError("There is no CASE.")
    self._run(Pipeline(error=error), "a.py", *self._flags())
    for form in self._paths():
      self.assertIn("There is no CASE.", self._read(form), form)

  def test_a_file_that_cannot_be_written_costs_no_report(self):
    path = os.path.join(self.folder, "gone", "out.html")
    os.mkdir(os.path.dirname(path))
    report = fakes.make_report(fakes.make_check(status="fail"))
    pipeline = Pipeline(report)
    check_files = pipeline.check_files

    def check_and_remove(targets, **settings):
      os.rmdir(os.path.dirname(path))
      return check_files(targets, **settings)

    pipeline.check_files = check_and_remove
    status, out, err = self._run(pipeline, "a.py", "--html", path)
    self.assertEqual(status, 2)
    self.assertIn("Cannot write the report to", err)
    self.assertStartsWith(out.splitlines()[-1], "FAIL  my_model")

  def test_annotations_are_printed_on_request(self):
    report = fakes.make_report(fakes.make_check(status="fail"))
    _, out, _ = self._run(Pipeline(report), "a.py", "--annotations", "-q")
    self.assertStartsWith(
      out.splitlines()[-1], "::error file=ported/model.py,line=20,"
    )

  def test_the_command_that_gives_a_report_again_is_told(self):
    reports = [
      fakes.make_report(fakes.make_check(status="fail"), case=name)
      for name in ("one", "two")
    ]
    self._run(
      Pipeline(*reports),
      *("a b.py", "c.py:X", "--seed=3", "--json", self.json, "-vv"),
    )
    self.assertEqual(
      [report["command"] for report in self._written()["reports"]],
      ["parity check 'a b.py' --seed=3", "parity check c.py:X --seed=3"],
    )


class ListTest(CheckTestCase):
  def test_a_list_says_what_would_be_checked_and_checks_nothing(self):
    status, out, err = self._run(
      Pipeline(error=AssertionError("checked")),
      *("a.py", "b.py", "--list", "--steps", "gradients", "--seed", "7"),
    )
    self.assertEqual((status, err), (0, ""))
    self.assertEqual(
      out.splitlines()[:7],
      [
        "a.py",
        "  sides      tf1, tf2",
        "  has        loss",
        "  checks     gradients",
        "  seed       7",
        "  tolerance  rtol 1e-06, atol 1e-05",
        "  tags       gpu",
      ],
    )
    self.assertIn("b.py", out)

  def test_a_list_without_steps_says_that_all_apply(self):
    _, out, _ = self._run(Pipeline(), "a.py", "--list")
    self.assertIn("checks     all that apply", out)
    self.assertIn("seed       42", out)


if __name__ == "__main__":
  absltest.main()
