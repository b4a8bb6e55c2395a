"""Tests of testing.models.scaling_layer: is only the broken one broken?"""

from __future__ import annotations

from absl.testing import absltest
import numpy as np
import tensorflow as tf

from testing.models import scaling_layer

# The first with the shim.
CELLS_SINCE = "tf2.8"


class ScalingLayerTest(absltest.TestCase):
  def test_fixed_layer_keeps_its_two_variables(self) -> None:
    layer = scaling_layer.ScalingLayer()
    layer(tf.ones((4, 3)))
    before = [id(variable) for variable in layer.variables]
    layer(tf.ones((4, 3)))
    self.assertEqual([id(variable) for variable in layer.variables], before)
    names = sorted(variable.name for variable in layer.variables)
    self.assertEqual(names, ["scaling/scale:0", "scaling/shift:0"])

  def test_broken_layer_creates_two_variables_in_each_call(self) -> None:
    created = []

    def note(next_creator, **settings):
      created.append(settings["name"])
      return next_creator(**settings)

    layer = scaling_layer.BrokenScalingLayer()
    with tf.variable_creator_scope(note):
      layer(tf.ones((4, 3)))
      layer(tf.ones((4, 3)))
    self.assertEqual(created, ["scaling/scale", "scaling/shift"] * 2)

  def test_both_compute_the_same(self) -> None:
    inputs = tf.constant([[1.0, -2.0, 0.0]])
    expected = [[3.5, -5.5, 0.5]]
    for layer in (
      scaling_layer.ScalingLayer(),
      scaling_layer.BrokenScalingLayer(),
    ):
      with self.subTest(layer=type(layer).__name__):
        np.testing.assert_allclose(layer(inputs), expected)


if __name__ == "__main__":
  absltest.main()
