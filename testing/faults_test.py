"""The short form of testing.faults, and that it would see what must not be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile

from absl.testing import absltest
from absl.testing import parameterized

from testing import faults

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_INTERRUPTS = 10
_SEED = 8
_GOLDEN = os.path.join(
  os.path.dirname(os.path.abspath(__file__)), "goldens", "embedding"
)


class InterruptedTest(absltest.TestCase):
  def test_ctrl_c_at_any_moment_leaves_nothing_and_no_half(self):
    found = list(faults.interrupted(_INTERRUPTS, seed=_SEED))
    self.assertLen(found, _INTERRUPTS)
    self.assertEmpty([str(each) for each in found if each.problems])
    stopped = [each for each in found if each.status]
    self.assertGreaterEqual(len(stopped), _INTERRUPTS // 2)
    self.assertIn(130, {each.status for each in found})
    for number in (1, 2):
      self.assertIn(number, {each.signals for each in found})


class ProblemsTest(parameterized.TestCase):
  """Each kind of trace is seen, and nothing where there is none."""

  def _place(self, command="record"):
    folder = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
    return faults.Place(command, folder, "case.py")

  def _report(self, place, verdict, *statuses):
    checks = [{"name": str(n), "status": s} for n, s in enumerate(statuses)]
    with open(place.report, "w", encoding="utf-8") as file:
      json.dump({"verdict": verdict, "checks": checks}, file)

  @parameterized.parameters(130, -2)
  def test_an_interrupt_that_leaves_nothing_is_none(self, status):
    self.assertEmpty(self._place().problems(status, "parity: interrupted\n"))

  def test_a_whole_golden_and_a_whole_report_are_none(self):
    place = self._place()
    shutil.copytree(_GOLDEN, place.golden)
    self._report(place, "pass", "pass", "pass")
    self.assertEmpty(place.problems(0, ""))

  def test_a_traceback_of_pythons_own_start_is_none(self):
    said = 'Traceback:\n  File "lib/site.py"\nKeyboardInterrupt\n'
    for status in (1, -2):
      self.assertEmpty(self._place().problems(status, said))

  @parameterized.parameters(
    (1, ""),
    (-9, ""),
    (130, "Traceback: ..."),
    (-2, "Traceback: parity/cli/x\nKeyboardInterrupt\n"),
  )
  def test_another_end_is_seen(self, status, said):
    self.assertNotEmpty(self._place().problems(status, said))

  def test_a_process_that_lives_is_seen(self):
    place = self._place()
    with faults.marked() as mark:
      program = "import time; print(flush=True); time.sleep(600)"
      process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE
      )
    self.addCleanup(process.wait)
    self.addCleanup(process.kill)
    self.addCleanup(process.stdout.close)
    process.stdout.readline()
    self.assertEqual(faults.processes_of(mark), [process.pid])
    self.assertEmpty(faults.processes_of(place.mark))

  def test_a_file_that_is_left_is_seen(self):
    place = self._place()
    os.mkdir(os.path.join(place.temporary, "parity-tf1-x"))
    self.assertEqual(place.problems(130, ""), ["parity-tf1-x in TMPDIR"])
    place = self._place()
    os.mkdir(os.path.join(place.outputs, ".golden.x.part"))
    self.assertEqual(place.problems(130, ""), [".golden.x.part is left"])

  def test_half_a_golden_is_seen(self):
    place = self._place()
    shutil.copytree(_GOLDEN, place.golden)
    path = os.path.join(place.golden, "tensors.safetensors")
    os.chmod(path, 0o600)
    os.truncate(path, 50)
    (problem,) = place.problems(130, "")
    self.assertStartsWith(problem, "half a golden")

  def test_a_golden_that_is_gone_is_seen(self):
    self.assertLen(self._place("update").problems(130, ""), 1)
    self.assertLen(self._place("record").problems(0, ""), 1)
    self.assertLen(self._place("check").problems(0, ""), 1)

  @parameterized.parameters(
    (("pass",), 1), ((), 1), (("pass", "error"), 1), (("pass", "pass"), 0)
  )
  def test_a_report_that_passes_must_be_whole(self, statuses, count):
    place = self._place("check")
    self._report(place, "pass", *statuses)
    self.assertLen(place.problems(130, ""), count)

  def test_half_a_report_is_seen(self):
    place = self._place("check")
    with open(place.report, "w", encoding="utf-8") as file:
      file.write('{"verdict": "pa')
    self.assertEqual(place.problems(130, ""), ["half a report"])


if __name__ == "__main__":
  absltest.main()
