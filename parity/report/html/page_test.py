"""Tests of parity.report.html.page: what is in a page, and that it is escaped.

What a browser makes of it is tested in `testing/browser`.
"""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import re

from absl.testing import absltest

from parity.records import dataflow
from parity.records import matrix as matrix_lib
from parity.records import report as report_lib
from parity.report.html import page
from testing import fakes

_HOSTILE = "</script><img src=x onerror=alert(1)>'\"&{{7*7}}\u2028<!--"
_VOID = frozenset(("meta", "img", "br", "input", "link", "wbr"))


class _Reader(html.parser.HTMLParser):
  """The tags and texts of a page; raises where tags are not nested."""

  def __init__(self):
    super().__init__()
    self.tags = []
    self.texts = []
    self.attributes = []
    self._open = []

  def handle_starttag(self, tag, attrs):
    self.tags.append(tag)
    self.attributes += attrs
    if tag not in _VOID:
      self._open.append(tag)

  def handle_endtag(self, tag):
    if self._open.pop() != tag:
      raise ValueError(f"</{tag}> closes nothing at {self.getpos()}.")

  def handle_data(self, data):
    if not self._open or self._open[-1] not in ("script", "style"):
      self.texts.append(data)

  @property
  def text(self):
    return " ".join(" ".join(self.texts).split())


def _read(text):
  reader = _Reader()
  reader.feed(text)
  reader.close()
  return reader


def _data(text):
  found = re.search(
    r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL
  )
  return json.loads(found.group(1))


def _failing(**changes):
  finding = fakes.make_illustrated_finding(**changes)
  check = fakes.make_check(
    "random_inference",
    "fail",
    findings=(finding,),
    depth=fakes.make_depth(),
  )
  return fakes.make_report(
    fakes.make_check("variables_match"), check, command="parity check m.py"
  )


class ReportsPageTest(absltest.TestCase):
  def test_a_failing_report_has_all_its_parts(self):
    reader = _read(page.reports_page([_failing()]))
    for part in (
      "FAIL",
      "my_model",
      "random_inference",
      "constant",
      "logits is the first output that differs.",
      "Hint Look at what makes it on both sides.",
      "legacy/model.py:31",
      "ported/model.py:20",
      "net = fc(x)",
      "MatMul",
      "a=x",
      "TensorFlow 2.21.0",
      "one more line",
      "parity check m.py",
    ):
      self.assertIn(part, reader.text)
    self.assertIn("svg", reader.tags)

  def test_the_verdict_is_the_report_s_own(self):
    report = fakes.make_report(
      fakes.make_check("gradients", "fail"), verdict="pass"
    )
    text = page.reports_page([report])
    self.assertIn("<title>pass: my_model</title>", text)

  def test_a_passing_report_has_no_finding_and_no_graph(self):
    reader = _read(page.reports_page([fakes.make_report()]))
    self.assertIn("No finding", reader.text)
    self.assertNotIn("svg", reader.tags)
    self.assertNotIn("article", reader.tags)

  def test_a_report_that_is_only_an_error(self):
    report = report_lib.Report("broken.py", "error", error="There is no CASE.")
    reader = _read(page.reports_page([report]))
    self.assertIn("There is no CASE.", reader.text)
    self.assertIn("no check ran", reader.text)

  def test_several_reports_are_listed(self):
    reports = [_failing(), fakes.make_report(case="other")]
    reader = _read(page.reports_page(reports))
    self.assertIn("2 cases", reader.text)
    self.assertIn(("href", "#r1"), reader.attributes)

  def test_the_numbers_are_in_the_page(self):
    (report,) = _data(page.reports_page([_failing()]))["reports"]
    failing = report["checks"][1]
    self.assertEqual(failing["depth"]["error"], [0, 1e-7, 1e-7, 0.1, 0.1, 0.1])
    self.assertEqual(failing["pairs"]["figures"][0][0], 988)
    self.assertEqual(failing["depth"]["parting"], 3)
    self.assertEqual(report["names"], ["logits"])

  def test_only_what_differs_of_the_places_is_marked(self):
    same = page.reports_page([fakes.make_report()])
    self.assertNotIn('class="differs"', same)
    other = fakes.make_identity(cpu="another")
    text = page.reports_page([fakes.make_report(tf2=other)])
    self.assertEqual(text.count('<tr class="differs">'), 1)

  def test_variables_that_differ_are_a_table(self):
    facts = report_lib.VariableFacts("net/w", (2, 3), "float32", True)
    difference = report_lib.VariableDifference("missing", tf1=facts)
    check = fakes.make_check("variables_match", "fail", variables=(difference,))
    reader = _read(page.reports_page([fakes.make_report(check)]))
    self.assertIn("Variables that differ", reader.text)
    self.assertIn("net/w", reader.text)


class HostileTest(absltest.TestCase):
  def _report(self):
    node = dataflow.Node(
      0,
      "op",
      _HOSTILE,
      name=_HOSTILE,
      source=_HOSTILE,
      role="parts",
      settings=(_HOSTILE,),
    )
    place = report_lib.Place(
      op=_HOSTILE,
      op_type=_HOSTILE,
      scope=_HOSTILE,
      source=f"{_HOSTILE}:1",
      snippet=report_lib.Snippet(1, (_HOSTILE,)),
    )
    finding = fakes.make_finding(
      "constant",
      message=_HOSTILE,
      hint=_HOSTILE,
      details=(_HOSTILE,),
      issues=("javascript:alert(1)", f"https://x/{_HOSTILE}"),
      where=report_lib.Where(
        variable=_HOSTILE, output=_HOSTILE, tf1=place, tf2=place
      ),
      neighbourhood=dataflow.Neighbourhood((node,), (node,)),
    )
    facts = report_lib.VariableFacts(_HOSTILE, (), _HOSTILE, False, _HOSTILE)
    check = fakes.make_check(
      "random_inference",
      "fail",
      findings=(finding,),
      comparisons=(fakes.make_comparison(_HOSTILE, "beyond"),),
      depth=(dataflow.DepthPoint(0, _HOSTILE, _HOSTILE, 0.1),),
      variables=(report_lib.VariableDifference("renamed", facts, facts),),
      notes=(_HOSTILE,),
    )
    identity = fakes.make_identity(cell=_HOSTILE, cpu=_HOSTILE)
    return fakes.make_report(
      check,
      case=_HOSTILE,
      notes=(_HOSTILE,),
      command=_HOSTILE,
      tf1=identity,
      error=_HOSTILE,
    )

  def _assert_harmless(self, text, plain):
    reader, harmless = _read(text), _read(plain)
    self.assertEqual(reader.tags.count("img"), 0)
    self.assertEqual(reader.tags.count("script"), harmless.tags.count("script"))
    self.assertEqual(
      [name for name, _ in reader.attributes if name.startswith("on")], []
    )
    links = [value for name, value in reader.attributes if name == "href"]
    self.assertEqual([x for x in links if x.startswith("javascript")], [])
    self.assertNotIn("<img", text)
    self.assertIn("{{7*7}}", reader.text)
    self.assertNotIn("49", re.sub(r"\d{3,}", "", reader.text))

  def test_nothing_of_a_model_becomes_markup(self):
    text = page.reports_page([self._report()])
    self._assert_harmless(text, page.reports_page([fakes.make_report()]))
    (report,) = _data(text)["reports"]
    self.assertEqual(report["names"], [_HOSTILE])

  def test_nothing_in_a_matrix_does_either(self):
    entry = matrix_lib.Entry(
      _HOSTILE, _HOSTILE, "tf2", gates=True, report=self._report()
    )
    left_out = (matrix_lib.LeftOut(_HOSTILE, _HOSTILE),)
    text = page.matrix_page(matrix_lib.Matrix(_HOSTILE, (entry,), left_out))
    plain = page.matrix_page(matrix_lib.Matrix("tf1.15", ()))
    self._assert_harmless(text, plain)

  def test_figures_that_are_not_finite_are_text(self):
    pair = fakes.make_comparison(
      status="beyond", max_abs=float("nan"), times_tolerance=float("inf")
    )
    report = fakes.make_report(fakes.make_check(comparisons=(pair,)))
    (data,) = _data(page.reports_page([report]))["reports"]
    self.assertEqual(
      data["checks"][0]["pairs"]["figures"][0][:2], ["inf", "nan"]
    )


class SelfContainedTest(absltest.TestCase):
  def test_nothing_is_loaded_and_only_these_scripts_may_run(self):
    text = page.reports_page([_failing()])
    names = [name for name, _ in _read(text).attributes]
    self.assertNotIn("src", names)
    self.assertNotIn("@import", text)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    self.assertLen(scripts, 3)
    for script in scripts:
      digest = hashlib.sha256(script.encode("utf-8")).digest()
      coded = base64.b64encode(digest).decode("ascii")
      self.assertIn(coded, policy.group(1).replace("&#43;", "+"))

  def test_a_page_of_a_large_network_is_small(self):
    pairs = tuple(
      fakes.make_comparison(f"net/block{i}/conv/kernel", "within")
      for i in range(1200)
    )
    checks = [
      fakes.make_check(name, comparisons=pairs, depth=fakes.make_depth(2500))
      for name in ("random_inference", "random_training", "gradients")
    ]
    size = len(page.reports_page([fakes.make_report(*checks)]).encode("utf-8"))
    self.assertLess(size, 2 << 20)


class MatrixPageTest(absltest.TestCase):
  def test_each_square_leads_to_its_cell_s_report(self):
    entries = tuple(
      matrix_lib.Entry("m.py", cell, "tf2", gates=True, report=report)
      for cell, report in (
        ("tf2.8", fakes.make_report()),
        ("tf2.21", _failing()),
      )
    )
    matrix = matrix_lib.Matrix("tf1.15", entries)
    reader = _read(page.matrix_page(matrix, command="parity matrix m.py"))
    self.assertIn("table", reader.tags)
    for part in ("tf2.8", "tf2.21", "FAIL", "parity matrix m.py"):
      self.assertIn(part, reader.text)
    self.assertIn(("href", "#r1"), reader.attributes)
    self.assertIn(("id", "r1-random_inference"), reader.attributes)


if __name__ == "__main__":
  absltest.main()
