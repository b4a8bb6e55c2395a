"""Tests of resources: what eager variables share, and what they do not."""

from __future__ import annotations

from absl.testing import absltest

from parity.tf.compat import execution
from parity.tf.compat import release
from parity.tf.compat import resources

CELLS_SINCE = "tf2.8"


def _made(make):
  """What `make` gave, and the attributes of the ops that made handles."""
  seen = []
  with execution.ops_watched(
    seen.append, chosen=lambda op_type, _: op_type == "VarHandleOp"
  ):
    found = make()
  return found, [event.attributes for event in seen]


class HandlesOfOneKernelTest(absltest.TestCase):
  def test_eager_variables_have_names_and_values_of_their_own(self):
    import tensorflow as tf

    def make():
      return [tf.Variable([float(n)], name=f"v{n}") for n in range(3)]

    with resources.handles_of_one_kernel():
      variables, attributes = _made(make)
      variables[1].assign_add([5.0])
    self.assertEqual([v.name for v in variables], ["v0:0", "v1:0", "v2:0"])
    self.assertEqual([float(v[0]) for v in variables], [0.0, 6.0, 2.0])
    self.assertLen(attributes, 3)
    self.assertEqual(attributes[0], attributes[1])
    self.assertEqual(attributes[0], attributes[2])

  def test_variables_made_while_a_function_is_traced_are_eager_too(self):
    import tensorflow as tf

    made = []

    @tf.function
    def function():
      if not made:
        made.extend(tf.Variable(1.0, name=f"w{n}") for n in range(2))
      return made[0] + made[1]

    with resources.handles_of_one_kernel():
      value, _ = _made(function)
    self.assertEqual(float(value), 2.0)
    self.assertEqual([v.name for v in made], ["w0:0", "w1:0"])

  def test_a_graph_keeps_what_it_says(self):
    import tensorflow as tf

    def definition():
      with tf.Graph().as_default() as graph:
        tf.compat.v1.get_variable("v", [2], use_resource=True)
      return graph.as_graph_def()

    with resources.handles_of_one_kernel():
      inside = definition()
    self.assertEqual(inside, definition())

  def test_what_it_leaves_out_is_there_without_it(self):
    import tensorflow as tf

    if release.minor_version() < (2, 15):
      self.skipTest("the handle's op has no name before 2.15")
    _, attributes = _made(lambda: tf.Variable(1.0, name="v"))
    self.assertIn("v", str(attributes[0]["debug_name"]))


if __name__ == "__main__":
  absltest.main()
