"""Tests of parity.testcase: under absltest, under pytest, and what they leave.

A Case in hand is checked in this process, a case file in processes of its own.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

from absl.testing import absltest
import numpy as np
import tensorflow as tf2
import tensorflow.compat.v1 as tf1

import parity
from parity import errors
from parity.tf.compat import behavior
from testing.conformance import case_files

CELLS_SINCE = "tf2.8"

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _inputs(rng):
  return {"x": rng.normal(size=(2, 4)).astype(np.float32)}


def _tf1(inputs, training):
  del training
  initializer = tf1.random_normal_initializer()
  kernel = tf1.get_variable("kernel", (4, 3), initializer=initializer)
  return {"y": tf1.matmul(inputs["x"], kernel)}


class _Port(tf2.Module):
  def __init__(self, scale=1.0):
    super().__init__()
    self._scale = scale
    self.kernel = None

  def __call__(self, inputs, training):
    del training
    if self.kernel is None:
      initializer = tf1.random_normal_initializer()
      self.kernel = tf2.Variable(initializer((4, 3)), name="kernel")
    return {"y": self._scale * tf2.matmul(inputs["x"], self.kernel)}


_GOOD = parity.Case(inputs=_inputs, tf1=_tf1, tf2=_Port, name="good")
_SCALED = parity.Case(
  inputs=_inputs, tf1=_tf1, tf2=lambda: _Port(1.5), name="scaled"
)


def _behaviour():
  """What TF1.x behaviour would have changed in this process."""
  return (
    tf2.executing_eagerly(),
    behavior.is_tensor_equality_on(),
    bool(tf1.control_flow_v2_enabled()),
    bool(tf1.resource_variables_enabled()),
    type(tf2.TensorShape([1])[0]),
    tf1.disable_v2_behavior,
    tf1.get_default_graph().version,
  )


class CaseTest(parity.ParityTestCase):
  def setUp(self):
    super().setUp()
    self.before = _behaviour()

  def tearDown(self):
    self.assertEqual(_behaviour(), self.before)
    super().tearDown()

  def test_a_case_that_agrees_passes_and_gives_its_report(self):
    report = self.assertParity(_GOOD)
    self.assertEqual((report.verdict, report.case), ("pass", "good"))

  def test_a_case_that_differs_fails_with_its_findings(self):
    with self.assertRaises(self.failureException) as caught:
      self.assertParity(_SCALED)
    told = str(caught.exception)
    self.assertStartsWith(told, "scaled: FAIL")
    self.assertIn("random_inference: fail", told)
    self.assertIn("testcase_test.py:", told)

  def test_a_case_that_raises_fails_with_the_users_frame(self):
    def forward(*unused_arguments):
      raise KeyError("gone")

    case = parity.Case(inputs=_inputs, tf1=forward, tf2=_Port)
    with self.assertRaisesRegex(self.failureException, "tf1 raised KeyError"):
      self.assertParity(case)

  def test_each_assertion_runs_its_check_alone(self):
    for assertion, name in (
      (self.assert_variables_created_once, "variables_created_once"),
      (self.assert_variables_match, "variables_match"),
      (self.assert_constant_weights_match, "constant_weights"),
      (self.assert_random_inference_matches, "random_inference"),
      (self.assert_random_training_matches, "random_training"),
    ):
      report = assertion(_GOOD)
      self.assertEqual([check.name for check in report.checks], [name])

  def test_an_assertion_of_a_check_that_does_not_apply_is_no_pass(self):
    with self.assertRaisesRegex(Exception, "no Keras layer"):
      self.assert_random_functional_matches(_GOOD)

  def test_variables_may_match_where_numbers_do_not(self):
    self.assert_variables_match(_SCALED)
    with self.assertRaises(self.failureException):
      self.assert_random_inference_matches(_SCALED)

  def test_an_unknown_step_is_told(self):
    with self.assertRaisesRegex(errors.CaseError, "mean 'gradients'"):
      self.assertParity(_GOOD, steps=["gradient"])


class FileTest(parity.ParityTestCase):
  def test_a_case_file_is_checked_in_processes_of_its_own(self):
    noting = (
      "import os\n"
      "with open(os.path.join(os.path.dirname(__file__), 'pids'), 'a') as f:\n"
      "  print(os.getpid(), file=f)\n"
    )
    files = {"net_parity.py": case_files.with_model(noting)}
    with case_files.folder_of(files) as folder:
      report = self.assertParity(
        os.path.join(folder, "net_parity.py"), timeout=300
      )
      with open(os.path.join(folder, "pids")) as file:
        pids = set(map(int, file.read().split()))
    self.assertEqual(report.verdict, "pass")
    self.assertLen(pids, 2)
    self.assertNotIn(os.getpid(), pids)


_PYTEST_MODULE = """\
import parity
import small_model as m

GOOD = parity.Case(inputs=m.inputs, tf1=m.tf1, tf2=m.tf2)
BAD = parity.Case(inputs=m.inputs, tf1=m.tf1, tf2=lambda: (
  lambda inputs, training: {"y": 2.0 * inputs["x"][:, :3]}))

class NetTest(parity.ParityTestCase):
  def test_good(self):
    self.assertParity(GOOD)

  def test_bad(self):
    self.assertParity(BAD)
"""


class PytestTest(absltest.TestCase):
  def test_runs_under_pytest(self):
    if importlib.util.find_spec("pytest") is None:
      self.skipTest("pytest is not in this environment")
    files = {"net_test.py": _PYTEST_MODULE}
    with case_files.folder_of(files) as folder:
      done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "net_test.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": case_files.with_path(_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
      )
    self.assertIn("1 failed, 1 passed", done.stdout)
    self.assertIn("variable_missing", done.stdout)


if __name__ == "__main__":
  absltest.main()
