"""Tests of parity.tf.behaviour."""

from __future__ import annotations

import sys
import types

from absl.testing import absltest
from absl.testing import parameterized
import tensorflow as tf2
import tensorflow.compat.v1 as tf1

from parity import errors
from parity.tf import behaviour
from parity.tf.compat import behavior

CELLS_SINCE = "tf2.8"


def _state():
  """What a legacy module could have turned off."""
  return (
    tf2.executing_eagerly(),
    behavior.is_tensor_equality_on(),
    bool(tf1.control_flow_v2_enabled()),
    bool(tf1.resource_variables_enabled()),
    type(tf2.TensorShape([1])[0]),
  )


def _run_module(text):
  """Runs a legacy module's text, as its import would."""
  module = types.ModuleType("legacy_net")
  exec(compile(text, "legacy_net.py", "exec"), module.__dict__)  # noqa: S102


class KeptTest(parameterized.TestCase):
  @parameterized.parameters(
    "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()",
    "import tensorflow.compat.v1 as tf\ntf.disable_eager_execution()",
    "import tensorflow.compat.v1 as tf\ntf.compat.v1.disable_v2_behavior()",
    "import tensorflow as tf\ntf.compat.v1.disable_tensor_equality()",
    "from tensorflow.compat.v1 import disable_control_flow_v2\n"
    "disable_control_flow_v2()",
    "import tensorflow.python.framework.ops as ops\n"
    "ops.disable_eager_execution()",
  )
  def test_a_call_that_would_turn_it_off_does_nothing_and_is_noted(self, text):
    before, notes = _state(), []
    with behaviour.kept(notes):
      _run_module(text)
      self.assertEqual(_state(), before)
    self.assertEqual(_state(), before)
    self.assertLen(notes, 1)
    self.assertIn("Module legacy_net (legacy_net.py:2) calls tf.dis", notes[0])

  def test_a_module_that_calls_nothing_is_not_noted(self):
    notes = []
    with behaviour.kept(notes):
      _run_module("import tensorflow.compat.v1 as tf\ntf.constant(1.0)")
    self.assertEmpty(notes)

  def test_a_call_in_a_loop_is_noted_once(self):
    notes = []
    with behaviour.kept(notes):
      _run_module(
        "import tensorflow.compat.v1 as tf\n"
        "for _ in range(3): tf.disable_v2_behavior()"
      )
    self.assertLen(notes, 1)

  def test_functions_are_back_after_an_error(self):
    before = tf1.disable_v2_behavior
    with self.assertRaises(KeyError), behaviour.kept([]):
      self.assertIsNot(tf1.disable_v2_behavior, before)
      raise KeyError
    self.assertIs(tf1.disable_v2_behavior, before)


class Tf1BehaviourTest(absltest.TestCase):
  def test_is_tf1s_own_inside_and_as_before_outside(self):
    before = _state()
    with self.assertRaises(KeyError):
      with behaviour.tf1_behaviour(), tf1.Graph().as_default():
        self.assertEqual(_state(), (False, False, False, False, tf1.Dimension))
        raise KeyError
    self.assertEqual(_state(), before)

  def test_keeps_what_a_module_would_turn_off_inside(self):
    before = _state()
    with behaviour.tf1_behaviour(), behaviour.kept([]):
      _run_module("import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()")
    self.assertEqual(_state(), before)


class RequireTf2Test(absltest.TestCase):
  def test_is_satisfied_here(self):
    self.assertIsNone(behaviour.require_tf2())

  def test_tells_where_tf2_behaviour_is_off(self):
    with tf1.Graph().as_default():
      with self.assertRaisesRegex(
        errors.EnvironmentProblem, "TF2 behaviour is off .* by its file"
      ):
        behaviour.require_tf2()


class ImportTest(absltest.TestCase):
  def test_gives_tensorflow(self):
    self.assertIs(behaviour.import_tensorflow(), tf2)

  def test_a_missing_one_is_told_with_the_interpreter(self):
    self.addCleanup(sys.modules.__setitem__, "tensorflow", tf2)
    sys.modules["tensorflow"] = None
    with self.assertRaisesRegex(
      errors.EnvironmentProblem, f"not installed for {sys.executable}"
    ):
      behaviour.import_tensorflow()


if __name__ == "__main__":
  absltest.main()
