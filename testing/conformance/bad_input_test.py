"""Does every kind of bad input end in a clear sentence and the right status?

Most cases here leave their worker alive, so one run checks them all; the last
of them is a good one, which shows that the workers are still sound.
"""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized

from parity import runner
from parity.records import options as options_lib
from testing.conformance import case_files

# The tf2 side needs TensorFlow 2.
CELLS_SINCE = "tf2.8"

# What each file holds, and what must be said of it.
_CASES = {
  "syntax": (
    "import parity\nCASE = parity.Case(inputs=\n",
    ("syntax.py:2: the case file does not parse",),
  ),
  "empty": (
    "import parity\n",
    ("empty.py has no CASE", "Write `CASE = parity.Case("),
  ),
  "other_name": (
    case_files.with_model("SMALL = 1\n").replace("CASE", "TINY"),
    ("other_name.py has no CASE", "It holds: TINY"),
  ),
  "other_type": ("CASE = 3\n", ("is no parity.Case, found int",)),
  "import_error": (
    "import nothing_like_this\n",
    (
      "ModuleNotFoundError: No module named 'nothing_like_this'",
      "import_error.py:1",
    ),
  ),
  "leaves": ("raise SystemExit(4)\n", ("SystemExit: 4", "leaves.py:1")),
  "unknown_field": (
    case_files.with_model(
      "CASE = parity.Case(inputs=inputs, tf1=tf1, tf2=tf2, tolerence=1)\n"
    ),
    ("unknown_field.py:4", "no field 'tolerence'", "mean 'tolerance'"),
  ),
  "unknown_check": (
    case_files.with_model(
      "CASE = parity.Case(\n"
      "  inputs=inputs, tf1=tf1, tf2=tf2, steps=['variable_match'])\n"
    ),
    ("no check 'variable_match'", "Did you mean 'variables_match'"),
  ),
  "one_side": (
    case_files.with_model("CASE = parity.Case(inputs=inputs, tf2=tf2)\n"),
    ("has no tf1", "golden"),
  ),
  "no_module": (
    case_files.with_model(
      "CASE = parity.Case(inputs=inputs, tf1='lost_module:net', tf2=tf2)\n"
    ),
    ("names 'lost_module:net'", "no module 'lost_module'"),
  ),
  "no_attribute": (
    case_files.with_model(
      "CASE = parity.Case(inputs=inputs, tf1='small_model:tf3', tf2=tf2)\n"
    ),
    ("'small_model' has no 'tf3'", "Did you mean 'tf"),
  ),
  "inputs_raise": (
    case_files.with_model("def inputs(rng):\n  return {'x': rng.nromal(3)}\n"),
    ("inputs raised AttributeError", "inputs_raise.py:5 in inputs"),
  ),
  "inputs_of_objects": (
    case_files.with_model("inputs = {'x': object()}\n"),
    ("Input 'x' is no array", "found object"),
  ),
  "tf1_raises": (
    case_files.with_model(
      "def helper(x):\n"
      "  raise KeyError('gone')\n"
      "def tf1(inputs, training):\n"
      "  return helper(inputs)\n"
    ),
    (
      "tf1 raised KeyError: 'gone'",
      "tf1_raises.py:7 in tf1: return helper(inputs)",
      "tf1_raises.py:5 in helper",
    ),
  ),
  "session_raises": (
    case_files.with_model(
      "def tf1(inputs, training):\n"
      "  import tensorflow.compat.v1 as tf\n"
      "  less = tf.debugging.assert_less(inputs['x'], -9.0, message='no!')\n"
      "  with tf.control_dependencies([less]):\n"
      "    return {'y': tf.identity(inputs['x'])}\n"
    ),
    ("tf1 raised InvalidArgumentError", "no!", "session_raises.py"),
  ),
  "tf2_raises": (
    case_files.with_model("def tf2():\n  raise ValueError('no port')\n"),
    ("tf2 raised ValueError: no port", "tf2_raises.py:5 in tf2"),
  ),
  "port_raises": (
    case_files.with_model(
      "def tf2():\n"
      "  import tensorflow as tf\n"
      "  def port(inputs, training):\n"
      "    return tf.matmul(inputs['x'], tf.zeros((3, 3)))\n"
      "  return port\n"
    ),
    ("the port raised InvalidArgumentError", "port_raises.py:7 in port"),
  ),
  "no_port": (
    case_files.with_model("def tf2():\n  return 3\n"),
    ("tf2 must return the port", "found int"),
  ),
  "rename_raises": (
    case_files.with_model(
      "CASE = parity.Case(\n"
      "  inputs=inputs, tf1=tf1, tf2=tf2, rename=lambda name: {}[name])\n"
    ),
    ("rename raised KeyError: 'net/kernel'", "rename_raises.py:5"),
  ),
  "nothing_returned": (
    case_files.with_model(
      "def tf2():\n  return lambda inputs, training: None\n"
    ),
    ("The port returned no tensor, found None", "same nest as tf1"),
  ),
  "operation_returned": (
    case_files.with_model(
      "def tf1(inputs, training):\n"
      "  import tensorflow.compat.v1 as tf\n"
      "  return {'y': inputs['x'], 'train': tf.no_op()}\n"
    ),
    ("Output 'train' of tf1 is no tensor, found Operation",),
  ),
  "symbolic": (
    case_files.with_model(
      "def tf2():\n"
      "  import tensorflow as tf\n"
      "  kept = []\n"
      "  @tf.function\n"
      "  def double(x):\n"
      "    kept.append(2 * x)\n"
      "    return kept[0]\n"
      "  def port(inputs, training):\n"
      "    double(inputs['x'])\n"
      "    return {'y': kept[0]}\n"
      "  return port\n"
    ),
    ("Output 'y' of the port is symbolic", "shape (2, 4)", "return what"),
  ),
  "variable_without_shape": (
    case_files.with_model(
      "def tf2():\n"
      "  import tensorflow as tf\n"
      "  any_shape = tf.TensorShape(None)\n"
      "  v = tf.Variable([1.0], shape=any_shape, name='v')\n"
      "  return lambda inputs, training: {'y': inputs['x'] + v}\n"
    ),
    (
      "Variable v of the port",
      "variable_without_shape.py:7",
      "not fully known",
    ),
  ),
}


def _told(report) -> str:
  """All that a report says of what went wrong."""
  reasons = [check.reason for check in report.checks if check.reason]
  return "\n".join([report.error or "", *reasons])


class BadInputTest(parameterized.TestCase):
  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    files = {f"{name}.py": text for name, (text, _) in _CASES.items()}
    files["good.py"] = case_files.with_model("")
    with case_files.folder_of(files) as folder:
      names = ["missing.py", *files]
      found = runner.check_files([f"{folder}/{name}" for name in names])
    cls.reports = {n[: -len(".py")]: r for n, r in zip(names, found)}

  @parameterized.parameters(*_CASES)
  def test_is_told_with_status_2(self, name):
    report = self.reports[name]
    self.assertEqual((report.verdict, report.exit_status), ("error", 2))
    for words in _CASES[name][1]:
      self.assertIn(words, _told(report))

  @parameterized.parameters(*_CASES)
  def test_shows_no_frame_but_the_users_own(self, name):
    told = _told(self.reports[name])
    self.assertNotIn("Traceback", told)
    self.assertNotIn("site-packages", told)
    self.assertNotIn("worker.py", told)

  def test_a_missing_file_is_told_with_status_2(self):
    report = self.reports["missing"]
    self.assertEqual((report.verdict, report.exit_status), ("error", 2))
    self.assertIn("There is no case file", report.error)

  def test_a_good_case_after_all_of_them_passes(self):
    report = self.reports["good"]
    self.assertEqual((report.verdict, report.exit_status), ("pass", 0))


class OtherNestTest(parameterized.TestCase):
  """A port's nest is compared, so another one is a finding of the model."""

  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    tf1 = "def tf1(inputs, training):\n  return {'y': inputs['x']}\n"
    tf2 = "def tf2():\n  return lambda inputs, training: "
    nests = {
      "disjoint": "[inputs['x']]\n",
      "lacking": "{'z': inputs['x']}\n",
      "surplus": "{'y': inputs['x'], 'z': inputs['x']}\n",
      "same": "{'y': inputs['x']}\n",
    }
    files = {
      f"{name}.py": case_files.with_model(tf1 + tf2 + nest)
      for name, nest in nests.items()
    }
    with case_files.folder_of(files) as folder:
      found = runner.check_files([f"{folder}/{name}" for name in files])
    cls.reports = {n[: -len(".py")]: r for n, r in zip(files, found)}

  @parameterized.parameters(
    ("disjoint", "lacks 'y' and has '0' besides"),
    ("lacking", "lacks 'y' and has 'z' besides"),
    ("surplus", "has 'z' besides"),
  )
  def test_another_nest_fails_and_names_the_paths(self, name, words):
    report = self.reports[name]
    self.assertEqual((report.verdict, report.exit_status), ("fail", 1))
    findings = [f for check in report.checks for f in check.findings]
    self.assertEqual({f.cause for f in findings}, {"op_structure"})
    self.assertIn(words, findings[0].message)
    self.assertIn("tf1 returns 'y'", findings[0].hint)

  def test_the_same_nest_passes(self):
    self.assertEqual(self.reports["same"].verdict, "pass")


class UnusualInputTest(parameterized.TestCase):
  """What looks odd but is sound must pass."""

  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    bodies = {
      "unknown_shapes": (
        "def tf1(inputs, training):\n"
        "  import tensorflow.compat.v1 as tf\n"
        "  x = tf.placeholder_with_default(inputs['x'], None)\n"
        "  return {'y': 2 * x, 'where': tf.where(x > 0)}\n"
        "def tf2():\n"
        "  import tensorflow as tf\n"
        "  return lambda inputs, training: {\n"
        "    'y': 2 * inputs['x'], 'where': tf.where(inputs['x'] > 0)}\n"
      ),
      "garbage": (
        "import os, sys\n"
        "print('}{ garbage ' * 1000)\n"
        "os.write(1, b'\\xff\\xfe{\"error\": 3}\\n')\n"
        "sys.stderr.write('{}\\n')\n"
      ),
      "reads_input": (
        "import sys\nif sys.stdin.read():\n  raise ValueError('not for me')\n"
      ),
      "legacy": "import legacy_net\n",
      "legacy_private": "import legacy_private_net\n",
    }
    files = {f"{n}.py": case_files.with_model(b) for n, b in bodies.items()}
    files["legacy_net.py"] = (
      "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
    )
    files["legacy_private_net.py"] = (
      "from tensorflow.python.framework.ops import disable_eager_execution\n"
      "disable_eager_execution()\n"
    )
    with case_files.folder_of(files) as folder:
      targets = [f"{folder}/{name}.py" for name in bodies]
      apart = runner.check_files(targets)
      here = runner.check_files(
        [t for t in targets if "legacy" in t],
        options=options_lib.Options(isolate=False),
      )
    cls.reports = dict(zip(bodies, apart))
    cls.reports_here = {report.case: report for report in here}

  @parameterized.parameters(
    "unknown_shapes", "garbage", "reads_input", "legacy", "legacy_private"
  )
  def test_passes(self, name):
    report = self.reports[name]
    self.assertEqual(report.verdict, "pass", _told(report))

  def test_a_module_that_turns_tf2_behaviour_off_is_named(self):
    for reports in (self.reports, self.reports_here):
      notes = " ".join(reports["legacy"].notes)
      self.assertIn("Module legacy_net (legacy_net.py:2)", notes)
      self.assertIn("tf.disable_v2_behavior()", notes)
      notes = " ".join(reports["legacy_private"].notes)
      self.assertIn("Module legacy_private_net", notes)

  def test_in_one_process_such_a_module_does_no_harm_either(self):
    for report in self.reports_here.values():
      self.assertEqual(report.verdict, "pass", _told(report))

  def test_a_quiet_case_gets_no_note(self):
    self.assertEqual(self.reports["garbage"].notes, ())


if __name__ == "__main__":
  absltest.main()
