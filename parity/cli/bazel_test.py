"""Tests of what Bazel's programs call: shards, outputs and places."""

from __future__ import annotations

import doctest
import json
import os
import shutil
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized

from parity.cli import bazel
from testing.conformance import case_files

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_OURS = (
  "BUILD_WORKSPACE_DIRECTORY",
  "TESTBRIDGE_TEST_ONLY",
  "TEST_SHARD_INDEX",
  "TEST_SHARD_STATUS_FILE",
  "TEST_TOTAL_SHARDS",
  "TEST_UNDECLARED_OUTPUTS_DIR",
  "XML_OUTPUT_FILE",
)


class BazelTestCase(parameterized.TestCase):
  def setUp(self):
    super().setUp()
    self.folder = self.create_tempdir().full_path
    self.enter_context(mock.patch.dict(os.environ))
    for name in _OURS:
      os.environ.pop(name, None)
    self.addCleanup(os.chdir, os.getcwd())


class ShardTest(BazelTestCase):
  @parameterized.parameters(1, 2, 3, 5)
  def test_every_case_is_in_one_shard(self, total):
    cases = ["a", "b", "c"]
    found = [
      case
      for index in range(total)
      for case in bazel.of_this_shard(
        cases,
        {"TEST_TOTAL_SHARDS": str(total), "TEST_SHARD_INDEX": str(index)},
      )
    ]
    self.assertCountEqual(found, cases)

  def test_bazel_is_told_that_shards_are_understood(self):
    status = os.path.join(self.folder, "status")
    bazel.of_this_shard(["a"], {"TEST_SHARD_STATUS_FILE": status})
    self.assertTrue(os.path.isfile(status))

  def test_shard_without_a_case_passes(self):
    os.environ["TEST_TOTAL_SHARDS"] = "2"
    os.environ["TEST_SHARD_INDEX"] = "1"
    self.assertEqual(bazel.check(["no/such/case.py"], []), 0)

  def test_examples(self):
    failed, tried = doctest.testmod(bazel)
    self.assertGreater(tried, 0)
    self.assertEqual(failed, 0)


class PlaceTest(BazelTestCase):
  def test_program_enters_the_main_workspace(self):
    os.makedirs(os.path.join(self.folder, "_main"))
    program = os.path.join(self.folder, "other", "x", "main.py")
    bazel.enter(program, path="other/x/main.py", workspace="_main")
    self.assertEqual(os.getcwd(), os.path.realpath(self.folder + "/_main"))

  def test_recording_among_the_sources_takes_bazel_run(self):
    self.assertEqual(bazel.record("a.py", [], out="goldens/a", side="tf1"), 2)


class CaseTest(BazelTestCase):
  def setUp(self):
    super().setUp()
    one = "CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, steps=['{}'])\n"
    files = {
      "good.py": case_files.with_model(one.format("constant_weights")),
      "bad.py": case_files.with_model(
        "import small_model\n"
        "def tf1(inputs, training):\n"
        "  found = small_model.tf1(inputs, training)\n"
        "  return {name: value + 1.0 for name, value in found.items()}\n"
        + one.format("constant_weights")
      ),
    }
    self.cases = self.enter_context(case_files.folder_of(files))
    self.outputs = os.path.join(self.folder, "outputs")
    os.mkdir(self.outputs)
    self.result = os.path.join(self.folder, "result.xml")
    os.environ["TEST_UNDECLARED_OUTPUTS_DIR"] = self.outputs
    os.environ["XML_OUTPUT_FILE"] = self.result

  def _verdict(self):
    with open(os.path.join(self.outputs, "report.json")) as file:
      return json.load(file)["verdict"]

  @parameterized.parameters(("good.py", 0, "pass"), ("bad.py", 1, "fail"))
  def test_reports_lie_where_bazel_keeps_them(self, name, status, verdict):
    self.assertEqual(bazel.check([f"{self.cases}/{name}"], ["-q"]), status)
    self.assertEqual(self._verdict(), verdict)
    self.assertCountEqual(
      os.listdir(self.outputs), ["report.html", "report.json", "report.xml"]
    )
    with open(self.result) as file:
      self.assertIn('name="constant_weights"', file.read())

  def test_a_golden_is_recorded_and_verified(self):
    os.environ["BUILD_WORKSPACE_DIRECTORY"] = self.folder
    golden = os.path.join(self.folder, "goldens", "good")
    case = f"{self.cases}/good.py"
    self.assertEqual(
      bazel.record(case, ["-q"], out="goldens/good", side="tf1"), 0
    )
    for side in ("tf1", "tf2"):
      self.assertEqual(bazel.verify(case, ["-q"], golden=golden, side=side), 0)
    shutil.rmtree(golden)
    self.assertEqual(bazel.verify(case, ["-q"], golden=golden, side="tf2"), 2)


if __name__ == "__main__":
  absltest.main()
