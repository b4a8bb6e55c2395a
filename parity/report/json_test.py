"""Tests of parity.report.json."""

from __future__ import annotations

import json
import math
import os
import tempfile

from absl.testing import absltest
import numpy as np

from parity import errors
from parity.records import report as report_lib
from parity.records import vocabulary
from parity.report import json as json_report
from testing import fakes

_SCHEMA = os.path.join(
  os.path.dirname(__file__), "..", "..", "docs", "report.schema.json"
)


def _load(text):
  def refuse(literal):
    raise ValueError(f"{literal} is no strict JSON.")

  return json.loads(text, parse_constant=refuse)


def _reports():
  return [
    fakes.make_report(),
    fakes.make_report(
      fakes.make_check("variables_match", "fail"),
      fakes.make_check("random_inference", "error"),
      fakes.make_check("random_functional", "skip"),
    ),
    report_lib.Report(case="broken.py", verdict="error", error="no CASE"),
    _illustrated(),
  ]


def _illustrated():
  """A report that holds everything that is only there where it is known."""
  facts = report_lib.VariableFacts("w", (2, 3), "float32", True, "m.py:3")
  return fakes.make_report(
    fakes.make_check(
      "variables_match",
      "fail",
      variables=(
        report_lib.VariableDifference("missing", tf1=facts),
        report_lib.VariableDifference("renamed", facts, facts, "one shape"),
      ),
    ),
    fakes.make_check(
      "random_inference",
      "fail",
      findings=(fakes.make_illustrated_finding(),),
      depth=fakes.make_depth(),
    ),
    command="parity check m.py",
  )


class ReportTest(absltest.TestCase):
  def test_the_contract_s_fields(self):
    check = fakes.make_check(
      "random_inference", "fail", findings=(fakes.make_finding("constant"),)
    )
    plain = json_report.report_to_plain(fakes.make_report(check))
    self.assertEqual(plain["schema"], "parity.report/1")
    self.assertEqual(plain["case"], "my_model")
    self.assertEqual(plain["verdict"], "fail")
    (row,) = plain["checks"]
    self.assertEqual(row["name"], "random_inference")
    self.assertEqual(row["status"], "fail")
    self.assertEqual(row["seconds"], 1.25)
    (finding,) = row["findings"]
    self.assertEqual(finding["cause"], "constant")
    self.assertEqual(
      finding["where"],
      {
        "variable": None,
        "output": "logits",
        "tf1": {
          "op": "net/fc/MatMul",
          "op_type": "MatMul",
          "scope": "net/fc",
          "source": "legacy/model.py:31",
        },
        "tf2": {
          "op": "net/fc/MatMul",
          "op_type": "MatMul",
          "scope": "net/fc",
          "source": "ported/model.py:20",
        },
      },
    )
    self.assertEqual(finding["max_abs"], 0.01)
    self.assertNotIn("note", finding)

  def test_what_is_not_known_is_null(self):
    finding = report_lib.Finding(cause="unknown", message="They part.")
    check = report_lib.CheckResult("gradients", "fail", findings=(finding,))
    plain = json_report.report_to_plain(
      report_lib.Report("case", "fail", checks=(check,))
    )
    (row,) = plain["checks"]
    (told,) = row["findings"]
    for key in ("max_abs", "max_rel", "max_ulp", "hint"):
      self.assertIsNone(told[key], key)
    self.assertIsNone(told["where"]["tf1"]["source"])
    self.assertIsNone(plain["tf1"])
    self.assertIsNone(plain["path"])

  def test_a_note_is_marked(self):
    finding = fakes.make_finding("rounding", is_note=True)
    check = fakes.make_check("random_training", findings=(finding,))
    plain = json_report.report_to_plain(fakes.make_report(check))
    self.assertIs(plain["checks"][0]["findings"][0]["note"], True)
    self.assertEqual(plain["verdict"], "pass")

  def test_figures_that_are_not_finite_are_strings(self):
    pair = fakes.make_comparison(
      status="beyond",
      max_abs=math.inf,
      worst_other=-math.inf,
      worst_reference=math.nan,
      max_rel=np.float32(0.5),
      elements=np.int64(20),
    )
    report = fakes.make_report(fakes.make_check(comparisons=(pair,)))
    text = json_report.to_text(json_report.report_to_plain(report))
    (told,) = _load(text)["checks"][0]["comparisons"]
    self.assertEqual(told["max_abs"], "Infinity")
    self.assertEqual(told["worst_other"], "-Infinity")
    self.assertEqual(told["worst_reference"], "NaN")
    self.assertEqual(told["max_rel"], 0.5)
    self.assertEqual(told["elements"], 20)

  def test_the_verdict_is_never_computed_again(self):
    report = fakes.make_report(
      fakes.make_check("gradients", "fail"), verdict="pass"
    )
    self.assertEqual(json_report.report_to_plain(report)["verdict"], "pass")


class IllustratedTest(absltest.TestCase):
  def test_what_reports_draw_is_told(self):
    plain = json_report.report_to_plain(_illustrated())
    variables, check = plain["checks"]
    self.assertEqual(variables["variables"][0]["tf1"]["shape"], [2, 3])
    self.assertIsNone(variables["variables"][0]["tf2"])
    (finding,) = check["findings"]
    self.assertEqual(
      finding["where"]["tf2"]["snippet"],
      {"first": 19, "lines": ["# before", "net = fc(x)", "# after"]},
    )
    self.assertEqual(finding["neighbourhood"]["tf1"][2]["label"], "MatMul")
    self.assertEqual(check["depth"]["error"][:2], [0.0, 1e-7])
    self.assertLen(check["depth"]["op"], 6)

  def test_what_is_not_known_of_it_is_not_there(self):
    plain = json_report.report_to_plain(
      fakes.make_report(fakes.make_check("gradients", "fail"))
    )
    (check,) = plain["checks"]
    self.assertNotIn("depth", check)
    self.assertNotIn("variables", check)
    self.assertNotIn("neighbourhood", check["findings"][0])


class ReportsTest(absltest.TestCase):
  def test_the_worst_verdict_counts(self):
    for verdicts, worst in (
      (("pass", "pass"), "pass"),
      (("pass", "fail"), "fail"),
      (("error", "fail", "pass"), "error"),
      ((), "error"),
    ):
      reports = [fakes.make_report(verdict=verdict) for verdict in verdicts]
      plain = json_report.reports_to_plain(reports)
      self.assertEqual(plain["schema"], "parity.reports/1")
      self.assertEqual(plain["verdict"], worst, verdicts)
      self.assertLen(plain["reports"], len(verdicts))


class WriteTest(absltest.TestCase):
  def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(self):
    with tempfile.TemporaryDirectory() as folder:
      path = os.path.join(folder, "report.json")
      for report in _reports():
        plain = json_report.report_to_plain(report)
        json_report.write(plain, path)
        with open(path, encoding="utf-8") as stream:
          self.assertEqual(_load(stream.read()), plain)
      self.assertEqual(os.listdir(folder), ["report.json"])

  def test_a_directory_that_is_not_there_is_a_usage_error(self):
    with tempfile.TemporaryDirectory() as folder:
      path = os.path.join(folder, "none", "report.json")
      with self.assertRaisesRegex(errors.UsageError, "No such file"):
        json_report.write({}, path)


class SchemaTest(absltest.TestCase):
  def setUp(self):
    super().setUp()
    with open(_SCHEMA, encoding="utf-8") as stream:
      self.schema = _load(stream.read())

  def test_the_schema_knows_the_vocabulary(self):
    defs = self.schema["$defs"]
    self.assertEqual(
      defs["finding"]["properties"]["cause"]["enum"], list(vocabulary.CAUSES)
    )
    check = defs["check"]["properties"]
    self.assertEqual(check["name"]["enum"], list(vocabulary.CHECKS))
    self.assertEqual(check["status"]["enum"], list(vocabulary.STATUSES))

  def test_every_required_field_is_written_and_every_field_known(self):
    plain = json_report.reports_to_plain(_reports())
    self.assertEqual(_misfits(self.schema, self.schema, plain), [])

  def test_a_report_with_a_wrong_word_or_a_missing_field_does_not_fit(self):
    for spoil in (
      lambda plain: plain.update(verdict="passed"),
      lambda plain: plain.pop("case"),
      lambda plain: plain["checks"][0].update(seconds="long"),
      lambda plain: plain["checks"][0].update(surprise=1),
    ):
      plain = json_report.report_to_plain(fakes.make_report())
      spoil(plain)
      self.assertNotEmpty(_misfits(self.schema, self.schema, plain))

  def test_jsonschema_agrees(self):
    try:
      import jsonschema
    except ImportError:
      self.skipTest("The jsonschema package is not installed.")
    validator = jsonschema.Draft202012Validator(self.schema)
    validator.check_schema(self.schema)
    for report in _reports():
      validator.validate(json_report.report_to_plain(report))
    validator.validate(json_report.reports_to_plain(_reports()))


def _misfits(root, schema, value, path="$"):
  """What of `value` does not fit the schema: the keywords that ours uses."""
  if "$ref" in schema:
    name = schema["$ref"].split("/")[-1]
    return _misfits(root, root["$defs"][name], value, path)
  if "anyOf" in schema:
    tried = [_misfits(root, one, value, path) for one in schema["anyOf"]]
    return [] if [] in tried else tried[0]
  if "const" in schema or "enum" in schema:
    allowed = schema.get("enum", [schema.get("const")])
    return [] if value in allowed else [f"{path}: {value!r}"]
  types = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "integer": int,
    "null": type(None),
  }
  kind = schema.get("type")
  if kind is None:
    return [f"{path}: the schema says nothing of it"]
  if not isinstance(value, types[kind]):
    return [f"{path}: {value!r} is no {kind}"]
  if kind == "array":
    return [
      misfit
      for number, item in enumerate(value)
      for misfit in _misfits(root, schema["items"], item, f"{path}[{number}]")
    ]
  if kind == "object":
    return _object_misfits(root, schema, value, path)
  return []


def _object_misfits(root, schema, value, path):
  known = schema.get("properties", {})
  others = schema.get("additionalProperties")
  found = [
    f"{path}.{key} is missing"
    for key in schema.get("required", [])
    if key not in value
  ]
  for key, item in value.items():
    if key not in known and not isinstance(others, dict):
      found.append(f"{path}.{key} is not known")
    else:
      found += _misfits(root, known.get(key, others), item, f"{path}.{key}")
  return found


if __name__ == "__main__":
  absltest.main()
