"""Tests for parity.tf.assigning: against TensorFlow's own kernels."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.sides import worker

worker.prepare_environment("default")  # As a side's process does it, before:

import tensorflow.compat.v1 as tf  # noqa: E402

from parity.tf import assigning  # noqa: E402

_ROWS = np.array([2, 0, 2])
_POINTS = np.array([[2, 1], [0, 0], [2, 1]])


class FormulasTest(parameterized.TestCase):
  @parameterized.parameters(
    *[
      (name, use_resource)
      for name in (
        *("scatter_add", "scatter_div", "scatter_max", "scatter_min"),
        *("scatter_mul", "scatter_sub", "scatter_update"),
      )
      for use_resource in (False, True)
    ],
    *[
      (f"scatter_nd_{kind}", use_resource)
      for kind in ("add", "sub", "update")
      for use_resource in (False, True)
    ],
  )
  def test_a_formula_gives_what_the_kernel_gives(self, name, use_resource):
    start = np.arange(6.0).reshape(3, 2)
    is_nd = "_nd_" in name
    indices = _POINTS if is_nd else _ROWS
    updates = np.array([5.0, 7.0, 5.0])  # Which of two puts wins is open.
    if not is_nd:
      updates = np.stack([updates, 2 * updates], axis=1)
    with tf.Graph().as_default(), tf.Session() as session:
      variable = tf.get_variable(
        "v", initializer=start, use_resource=use_resource
      )
      update = getattr(tf, name)(variable, indices, updates)
      session.run(tf.global_variables_initializer())
      session.run(update)
      after = session.run(variable)
      types = {op.type for op in tf.get_default_graph().get_operations()}
    (op_type,) = types & {n for n in assigning.FORMULAS if "Scatter" in n}
    self.assertEqual(op_type.startswith("Resource"), use_resource)
    found = assigning.value_after(op_type, [start, indices, updates])
    np.testing.assert_array_equal(found, after)
    np.testing.assert_array_equal(start, np.arange(6.0).reshape(3, 2))

  def test_integers_are_divided_towards_zero(self):
    start = np.array([7, -7, 9, -1])
    operands = [[0, 1, 2, 2, 3], [2, 2, -2, 2, 2]]
    with tf.Graph().as_default(), tf.Session() as session:
      variable = tf.get_variable("v", initializer=start)
      update = tf.scatter_div(variable, *operands)
      session.run(tf.global_variables_initializer())
      after = session.run(update)
    found = assigning.value_after("ScatterDiv", [start, *operands])
    np.testing.assert_array_equal(found, after)

  def test_the_whole_is_put_added_or_taken(self):
    for op_type, expected in (
      ("Assign", 2.0),
      ("AssignAddVariableOp", 5.0),
      ("AssignSub", 1.0),
    ):
      self.assertEqual(assigning.value_after(op_type, [3.0, 2.0]), expected)


if __name__ == "__main__":
  absltest.main()
