"""Tests of what GPU tests run: the switches, and that nothing passes unseen."""

from __future__ import annotations

import json
import os
import sys
from unittest import mock
import xml.etree.ElementTree as ElementTree

from absl.testing import absltest
from absl.testing import parameterized

from parity.cli import bazel_gpu
from parity.cli import main as main_lib
from testing.conformance import case_files

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_CASE = (
  "CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,"
  " steps=['constant_weights'])\n"
)
_SWITCHES = ("CUDA_VISIBLE_DEVICES", "NVIDIA_TF32_OVERRIDE")


class Machine:
  """Runs commands here, and says that what was to see a GPU ran on one.

  Attributes:
    seen: the switches that each command ran with.
    reports: what each verification reported.
  """

  def __init__(self, device):
    self.seen = []
    self.reports = []
    self._device = device

  def run(self, command):
    """Runs a command, and notes what it saw."""
    self.seen.append(
      (command[0], *(os.environ.get(name) for name in _SWITCHES))
    )
    status = main_lib.main([*command, "--quiet"])
    if "--json" in command:
      path = command[command.index("--json") + 1]
      with open(path, encoding="utf-8") as file:
        report = json.load(file)
      report["tf2"]["device"] = self._device
      with open(path, "w", encoding="utf-8") as file:
        json.dump(report, file)
      self.reports.append(report)
    return status


class BazelGpuTest(parameterized.TestCase):
  def setUp(self):
    super().setUp()
    folder = self.create_tempdir().full_path
    self.result = os.path.join(folder, "result.xml")
    self.enter_context(mock.patch.dict(os.environ))
    for name in (*_SWITCHES, "TEST_TOTAL_SHARDS", "TEST_SHARD_STATUS_FILE"):
      os.environ.pop(name, None)
    os.environ["XML_OUTPUT_FILE"] = self.result
    os.environ["TEST_UNDECLARED_OUTPUTS_DIR"] = folder

  def _verify(self, device="GPU X", reason=None):
    """The exit status, and the machine that ran the small case."""
    files = {"case.py": case_files.with_model(_CASE)}
    machine = Machine(device)
    with case_files.folder_of(files) as folder:
      status = bazel_gpu.verify(
        [os.path.join(str(folder), "case.py")],
        [],
        side="tf2",
        run=machine.run,
        lacking=lambda: reason,
      )
    return status, machine

  def _problems(self):
    """What the result says went wrong."""
    root = ElementTree.parse(self.result).getroot()
    return [found.get("message") for found in root.iter("error")]

  def test_side_is_recorded_on_cpu_and_verified_with_and_without_tf32(self):
    status, machine = self._verify()
    self.assertEqual(status, 0)
    self.assertEqual(
      machine.seen,
      [
        ("record", "-1", None),
        ("verify", None, "0"),
        ("verify", None, "1"),
      ],
    )
    # The processes of the sides saw it too, and strict numerics left it alone.
    found = [
      report["tf2"]["switches"]["NVIDIA_TF32_OVERRIDE"]
      for report in machine.reports
    ]
    self.assertEqual(found, ["0", "1"])
    names = [
      suite.get("name").rpartition(" TF32 ")[2]
      for suite in ElementTree.parse(self.result).getroot()
    ]
    self.assertEqual(names, ["off", "on"])
    self.assertEmpty(self._problems())

  def test_switches_are_as_before_afterwards(self):
    os.environ["NVIDIA_TF32_OVERRIDE"] = "mine"
    self._verify()
    self.assertEqual(os.environ["NVIDIA_TF32_OVERRIDE"], "mine")
    self.assertNotIn("CUDA_VISIBLE_DEVICES", os.environ)

  def test_what_fell_back_to_the_cpu_does_not_pass(self):
    status, _ = self._verify(device="cpu")
    self.assertEqual(status, 3)
    self.assertEqual(
      self._problems(),
      [
        "TF32 off: was to run on a GPU, and ran on cpu",
        "TF32 on: was to run on a GPU, and ran on cpu",
      ],
    )

  def test_without_a_gpu_nothing_runs_and_nothing_passes(self):
    status, machine = self._verify(reason="there is none.")
    self.assertEqual(status, 3)
    self.assertEmpty(machine.seen)
    self.assertEqual(
      self._problems(), ["could not run on a GPU: there is none."]
    )

  def test_hidden_gpu_is_told(self):
    os.environ.update(bazel_gpu.ON_CPU)
    self.assertRegex(
      bazel_gpu.without_gpu(), r"TensorFlow \S+ (sees none|is a build without)"
    )

  def test_tensorflow_that_cannot_be_asked_is_told(self):
    with mock.patch.object(sys, "executable", "/bin/false"):
      self.assertIn("cannot be asked", bazel_gpu.without_gpu())


if __name__ == "__main__":
  absltest.main()
