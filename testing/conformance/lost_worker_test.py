"""What is told when a worker dies, is killed, or hangs? And who serves next?"""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized

from parity import runner
from parity.records import options as options_lib
from testing.conformance import case_files

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

_ONE_STEP = (
  "CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2,"
  " steps=['constant_weights'])\n"
)
_DYING = {
  "leaves": (
    (
      "def tf1(inputs, training):\n"
      "  import os\n"
      "  print('about to leave', flush=True)\n"
      "  os._exit(7)\n"
    ),
    (
      "The process of the tf1 side ended with status 7",
      "--no-isolate",
      "about to leave",
    ),
  ),
  "is_killed": (
    (
      "def tf2():\n"
      "  import os, signal\n"
      "  return lambda inputs, training: os.kill(os.getpid(), signal.SIGKILL)\n"
    ),
    ("The process of the tf2 side was killed by SIGKILL", "memory"),
  ),
  "aborts": (
    "def tf1(inputs, training):\n  import os\n  os.abort()\n",
    ("The process of the tf1 side was killed by SIGABRT",),
  ),
  "leaves_at_import": (
    "import os\nos._exit(9)\n",
    ("ended with status 9 before it answered",),
  ),
  "leaves_a_child": (
    (
      "def tf1(inputs, training):\n"
      "  import os, time\n"
      "  if os.fork() == 0:\n"
      "    time.sleep(600)\n"
      "  os._exit(5)\n"
    ),
    ("The process of the tf1 side ended with status 5",),
  ),
}


def _told(report) -> str:
  reasons = [check.reason for check in report.checks if check.reason]
  return "\n".join([report.error or "", *reasons])


class DyingTest(parameterized.TestCase):
  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    files = {
      f"{name}.py": case_files.with_model(body + _ONE_STEP)
      for name, (body, _) in _DYING.items()
    }
    files["in_training.py"] = case_files.with_model(
      "import small_model\n"
      "def tf1(inputs, training):\n"
      "  import os\n"
      "  if training:\n"
      "    os._exit(3)\n"
      "  return small_model.tf1(inputs, training)\n"
      "CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, steps=[\n"
      "  'random_training', 'random_inference', 'variables_match'])\n"
    )
    files["good.py"] = case_files.with_model("")
    with case_files.folder_of(files) as folder:
      found = runner.check_files([f"{folder}/{name}" for name in files])
    cls.reports = {n[: -len(".py")]: r for n, r in zip(files, found)}

  @parameterized.parameters(*_DYING)
  def test_a_worker_that_dies_is_told_with_status_3(self, name):
    report = self.reports[name]
    self.assertEqual((report.verdict, report.exit_status), ("error", 3))
    for words in _DYING[name][1]:
      self.assertIn(words, _told(report))
    self.assertNotIn("Traceback", _told(report))

  def test_only_the_check_whose_run_died_is_an_error(self):
    report = self.reports["in_training"]
    self.assertEqual(
      {check.name: check.status for check in report.checks},
      {
        "variables_match": "pass",
        "random_inference": "pass",
        "random_training": "error",
      },
    )

  def test_the_next_case_gets_workers_that_live(self):
    report = self.reports["good"]
    self.assertEqual((report.verdict, report.exit_status), ("pass", 0))


class HangingTest(absltest.TestCase):
  def test_a_worker_that_hangs_is_stopped_and_told_with_status_3(self):
    # Stopped, it cannot even take a signal to end; worker_side_test has others.
    body = (
      "def tf1(inputs, training):\n"
      "  import os, signal\n"
      "  os.kill(os.getpid(), signal.SIGSTOP)\n"
    )
    files = {
      "hangs.py": case_files.with_model(body + _ONE_STEP),
      "good.py": case_files.with_model(_ONE_STEP),
    }
    # Long enough for TensorFlow to start on a busy machine.
    options = options_lib.Options(timeout=30.0)
    with case_files.folder_of(files) as folder:
      hanging, good = runner.check_files(
        [f"{folder}/{name}" for name in files], options=options
      )
    self.assertEqual((hanging.verdict, hanging.exit_status), ("error", 3))
    self.assertIn("tf1 side did not answer within 30 s", _told(hanging))
    self.assertIn("--timeout", _told(hanging))
    self.assertEqual(good.verdict, "pass", _told(good))


if __name__ == "__main__":
  absltest.main()
