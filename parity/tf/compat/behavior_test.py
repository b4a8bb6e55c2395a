from __future__ import annotations

from absl.testing import absltest
import tensorflow.compat.v1 as tf1

from parity.tf.compat import behavior


class TensorEqualityTest(absltest.TestCase):
  def test_is_set_inside_and_restored_after_an_error(self):
    before = behavior.is_tensor_equality_on()
    with self.assertRaises(KeyError):
      with behavior.tensor_equality(enabled=not before):
        self.assertEqual(behavior.is_tensor_equality_on(), not before)
        raise KeyError
    self.assertEqual(behavior.is_tensor_equality_on(), before)

  def test_off_means_that_variables_are_compared_by_identity(self):
    with tf1.Graph().as_default(), behavior.tensor_equality(enabled=False):
      one, other = tf1.Variable([1.0, 2.0]), tf1.Variable([1.0, 2.0])
      self.assertLen({one, other}, 2)
      self.assertNotEqual(one, other)


class ControlFlowTest(absltest.TestCase):
  def test_decides_which_ops_a_condition_makes(self):
    before = tf1.control_flow_v2_enabled()
    for enabled in (True, False):
      with tf1.Graph().as_default() as graph:
        with behavior.control_flow_v2(enabled=enabled):
          tf1.cond(
            tf1.placeholder(tf1.bool, []),
            lambda: tf1.constant(1.0),
            lambda: tf1.constant(2.0),
          )
      types = {op.type for op in graph.get_operations()}
      self.assertEqual(bool(types & {"If", "StatelessIf"}), enabled)
      self.assertEqual("Switch" in types, not enabled)
    self.assertEqual(tf1.control_flow_v2_enabled(), before)


class ResourceVariablesTest(absltest.TestCase):
  def test_decides_which_op_holds_a_variable(self):
    before = tf1.resource_variables_enabled()
    for enabled, op_type in ((True, "VarHandleOp"), (False, "VariableV2")):
      with tf1.Graph().as_default():
        with behavior.resource_variables(enabled=enabled):
          variable = tf1.get_variable("v", [2])
      self.assertEqual(variable.op.type, op_type)
    self.assertEqual(tf1.resource_variables_enabled(), before)


class TensorShapeTest(absltest.TestCase):
  def test_decides_whether_a_size_is_a_number(self):
    before = type(tf1.TensorShape([3])[0])
    with behavior.tensorshape_v2(enabled=False):
      self.assertEqual(tf1.TensorShape([3])[0].value, 3)
    with behavior.tensorshape_v2(enabled=True):
      self.assertIs(type(tf1.TensorShape([3])[0]), int)
    self.assertIs(type(tf1.TensorShape([3])[0]), before)


if __name__ == "__main__":
  absltest.main()
