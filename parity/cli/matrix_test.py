"""Tests of parity.cli.matrix."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from unittest import mock

from absl.testing import absltest

from parity.cli import main
from parity.cli import services as services_lib
from parity.records import matrix as matrix_lib
from testing import fakes

_OWN = f"mine={sys.executable}"


class MatrixTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    self._folder = self.create_tempdir().full_path
    self.enter_context(
      mock.patch.dict(os.environ, {"PARITY_ENVIRONMENTS": self._folder})
    )
    self._asked = {}
    self._verdict = "pass"

  def _run_matrix(self, targets, *, cells, reference, **settings):
    self._asked = dict(settings, targets=targets, cells=cells)
    status = {"pass": "pass", "fail": "fail"}[self._verdict]
    report = fakes.make_report(fakes.make_check("random_inference", status))
    entries = [
      matrix_lib.Entry(target, place.name, "tf2", place.gates, report)
      for target in targets
      for place in cells
    ]
    return matrix_lib.Matrix(reference.name, tuple(entries))

  def _run(self, *argv):
    services = services_lib.Services(run_matrix=self._run_matrix)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
      status = main.main(("matrix", *argv), services=services)
    return status, out.getvalue(), err.getvalue()

  def test_own_interpreters_run_and_pass_with_0(self):
    status, out, err = self._run(
      "a.py", "--cells", _OWN, "--reference", "local", "-q"
    )
    self.assertEqual((status, err), (0, ""))
    self.assertStartsWith(out, "PASS  matrix:")
    self.assertEqual([c.name for c in self._asked["cells"]], ["mine"])

  def test_gating_cell_that_fails_is_1(self):
    self._verdict = "fail"
    status, out, _ = self._run("a.py", "--cell", _OWN, "--reference", "local")
    self.assertEqual(status, 1)
    self.assertIn("mine: FAIL", out)

  def test_nightly_that_fails_is_0_unless_it_is_required(self):
    self._verdict = "fail"
    nightly = f"nightly={sys.executable}"
    argv = ("a.py", "--cells", nightly, "--reference", "local")
    status, out, _ = self._run(*argv)
    self.assertEqual(status, 0)
    self.assertIn("warning: nightly", out)
    self.assertEqual(self._run(*argv, "--require", "nightly")[0], 1)

  def test_files_are_written(self):
    paths = {
      kind: os.path.join(self._folder, f"out.{kind}")
      for kind in ("html", "json", "junit", "markdown")
    }
    flags = [f"--{kind}={path}" for kind, path in paths.items()]
    status, _, _ = self._run(
      "a.py", "--cells", _OWN, "--reference", "local", *flags
    )
    self.assertEqual(status, 0)
    with open(paths["json"], encoding="utf-8") as file:
      self.assertEqual(json.load(file)["schema"], "parity.matrix/1")
    with open(paths["junit"], encoding="utf-8") as file:
      self.assertIn("<testsuites", file.read())
    with open(paths["markdown"], encoding="utf-8") as file:
      self.assertIn("### parity matrix: pass", file.read())
    with open(paths["html"], encoding="utf-8") as file:
      page = file.read()
    self.assertIn("<title>pass: parity matrix</title>", page)
    self.assertIn("parity matrix a.py --cells mine=", page)
    self.assertLen(os.listdir(self._folder), 4)

  def test_annotations_name_the_cell_and_gate_as_it_does(self):
    self._verdict = "fail"
    flags = ("--reference", "local", "--annotations", "-q")
    for name, level in (("mine", "error"), ("nightly", "warning")):
      cell = f"{name}={sys.executable}"
      _, out, _ = self._run("a.py", "--cells", cell, *flags)
      last = out.splitlines()[-1]
      self.assertStartsWith(last, f"::{level} file=ported/model.py,line=20,")
      self.assertIn(f"in {name}%3A unknown", last)

  def test_error_leaves_no_verdict_of_an_earlier_run(self):
    path = os.path.join(self._folder, "out.json")
    with open(path, "w", encoding="utf-8") as file:
      file.write("{}")
    status, _, _ = self._run(
      "a.py", "--cells", "tf2.15", "--reference", "local", "--json", path
    )
    self.assertEqual(status, 3)
    self.assertFalse(os.path.exists(path))

  def test_bad_usage_is_one_sentence_and_its_status(self):
    for argv, status, told in (
      (("a.py", "--reference", "tf1.155"), 3, "No cell is installed"),
      (("a.py",), 2, "--reference"),
      (("a.py", "--cells", "tf2.155", "--reference", "local"), 2, "tf2.15"),
      (
        ("a.py", "--cells", "tf2.15", "--reference", "local"),
        3,
        "cells install",
      ),
      (("a.py", "--cells", ",", "--reference", "local"), 2, "names no cell"),
      (("a.py", "--cell", "tf2.15", "--reference", "local"), 2, "NAME=/path"),
      (
        ("a.py", "--cells", f"{_OWN},{_OWN}x", "--reference", "local"),
        3,
        "not exist",
      ),
      (
        (
          "a.py",
          "--cells",
          _OWN,
          "--reference",
          "local",
          "--require",
          "nightly",
        ),
        2,
        "it does not run",
      ),
      (
        ("a.py", "--cells", _OWN, "--reference", "local", "--junit", "/no/x"),
        2,
        "Cannot write --junit",
      ),
      (("a.py", "--reference", "local", "--jobs", "0"), 2, "at least 1"),
      (
        ("a.py", "--cells", _OWN, "--reference", "local", "--bisect", "1", "2"),
        2,
        "takes neither --cells",
      ),
    ):
      found, out, err = self._run(*argv)
      self.assertEqual((found, out), (status, ""), argv)
      self.assertIn(told, err, argv)
      self.assertLen(err.splitlines(), 1)


if __name__ == "__main__":
  absltest.main()
