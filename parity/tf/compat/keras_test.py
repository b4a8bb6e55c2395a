from __future__ import annotations

from absl.testing import absltest

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


if __name__ == "__main__":
  absltest.main()
