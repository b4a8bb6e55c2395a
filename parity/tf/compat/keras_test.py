from __future__ import annotations

from absl.testing import absltest
import tensorflow.compat.v1 as tf1

from parity.tf.compat import keras as compat_keras
from parity.tf.compat import release


class WhichKerasTest(absltest.TestCase):
  def test_keras_2_is_there_where_tf_keras_is_asked_for_or_inside(self):
    expected = (
      not release.is_at_least(2, 16) or compat_keras.asks_for_legacy_keras()
    )
    self.assertEqual(compat_keras.keras2() is not None, expected)

  def test_keras_3_is_there_from_2_16_on(self):
    self.assertEqual(
      compat_keras.keras3() is not None, release.is_at_least(2, 16)
    )


class StatefulRandomGeneratorsTest(absltest.TestCase):
  def test_methods_are_replaced_inside_and_restored(self):
    keras = compat_keras.keras2()
    if keras is None or not release.is_at_least(2, 9):
      self.skipTest("this process has no Keras 2 with generators of its own")
    initializer = keras.initializers.GlorotUniform(seed=1)
    generator = type(initializer._random_generator)
    before = dict(vars(generator))
    with compat_keras.stateful_random_generators():
      self.assertIsNot(generator.random_uniform, before["random_uniform"])
    self.assertEqual(dict(vars(generator)), before)


class UnchangedBasesKeptTest(absltest.TestCase):
  def test_layers_are_chosen_as_before_for_graphs_and_for_eager_code(self):
    keras = compat_keras.keras2()
    if keras is None or not release.is_at_least(2, 2):
      self.skipTest("this process has no Keras 2 that chooses between layers")

    class Own(keras.layers.Dense):
      pass

    def bases():
      found = []
      for is_graph in (True, False, True, True, False):
        if is_graph:
          with tf1.Graph().as_default():
            layer = Own(2)
        else:
          layer = Own(2)
        found.append([cls.__qualname__ for cls in type(layer).__mro__])
        found.append([cls.__module__ for cls in type(layer).__mro__])
      return found

    expected = bases()
    with compat_keras.unchanged_bases_kept():
      self.assertEqual(bases(), expected)
    self.assertEqual(bases(), expected)

  def test_bases_are_set_only_where_they_change(self):
    keras = compat_keras.keras2()
    if keras is None or not release.is_at_least(2, 2):
      self.skipTest("this process has no Keras 2 that chooses between layers")
    set_ = []

    class Noting(type(keras.layers.Dense)):
      def __setattr__(cls, name, value):
        set_.append(name)
        super().__setattr__(name, value)

    class Own(keras.layers.Dense, metaclass=Noting):
      pass

    Own(2)
    del set_[:]
    with compat_keras.unchanged_bases_kept():
      Own(2)
    self.assertNotIn("__bases__", set_)
    Own(2)
    self.assertIn("__bases__", set_)


if __name__ == "__main__":
  absltest.main()
