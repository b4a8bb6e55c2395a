from __future__ import annotations

import types

from absl.testing import absltest
import tensorflow as tf
import tensorflow.compat.v1 as tf1
from tensorflow.python.framework import ops
from tensorflow.python.layers import normalization

from parity.tf.compat import behavior
from parity.tf.compat import gaps
from parity.tf.compat import release


class GapsTest(absltest.TestCase):
  def test_normalization_layers_are_loaded_when_used_where_missing(self):
    loaded = []

    def load():
      loaded.append(1)
      return types.SimpleNamespace(BatchNormalization="ours")

    before = getattr(normalization, "normalization", None)
    try:
      missing = gaps.provide_normalization_layers(load)
      self.assertEqual(missing, release.is_at_least(2, 15))
      self.assertEqual(gaps.provide_normalization_layers(load), missing)
      self.assertEqual(loaded, [])
      if missing:
        self.assertEqual(normalization.BatchNormalization, "ours")
        self.assertEqual(loaded, [1])
    finally:
      if before is not None:
        normalization.normalization = before

  def test_ops_tensor_is_the_tensor(self):
    missing = gaps.provide_ops_tensor()
    self.assertEqual(missing, release.is_at_least(2, 15))
    with tf1.Graph().as_default():
      self.assertIsInstance(tf1.ones([1]), ops.Tensor)
    self.assertIs(ops.Tensor, tf.Tensor)

  def test_compat_holds_compat(self):
    gaps.provide_nested_compat()
    self.assertIs(tf1.compat.v1.Session, tf1.Session)

  def test_collections_are_searched_by_identity(self):
    module = types.SimpleNamespace(ops=ops)
    self.assertTrue(gaps.search_collections_by_identity(module))
    self.assertTrue(gaps.search_collections_by_identity(module))
    with tf1.Graph().as_default(), behavior.tensor_equality(enabled=True):
      one, other = (
        tf1.get_variable(name, [2], use_resource=True) for name in "ab"
      )
      module.ops.add_to_collection("mine", one)
      self.assertIn(one, module.ops.get_collection("mine"))
      self.assertNotIn(other, module.ops.get_collection("mine"))

  def test_a_module_that_does_not_ask_is_left_alone(self):
    module = types.SimpleNamespace(ops="mine")
    self.assertFalse(gaps.search_collections_by_identity(module))
    self.assertEqual(module.ops, "mine")


if __name__ == "__main__":
  absltest.main()
