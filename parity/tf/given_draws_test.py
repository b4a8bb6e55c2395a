"""Tests of given_draws: the reference's numbers in the place of the port's."""

from __future__ import annotations

import os

from absl.testing import absltest
import numpy as np
import tensorflow as tf

from parity import errors
from parity.golden import tensors
from parity.tf import given_draws

# Before TensorFlow 2.1 eager ops cannot be watched.
CELLS_SINCE = "tf2.8"

_UNIFORM = np.float32([[0.25, 0.5], [0.75, 1.0]])


class GivenDrawsTest(absltest.TestCase):
  def _given(self, **arrays):
    path = os.path.join(self.create_tempdir().full_path, "draws.safetensors")
    tensors.write_tensors(
      path,
      {
        f"{i:06d}:{op_type}": value
        for i, (op_type, value) in enumerate(arrays.items())
      },
    )
    return given_draws.GivenDraws(path)

  def test_a_stateful_draw_gives_the_given_numbers(self):
    given = self._given(RandomUniform=_UNIFORM)
    with given.scope():
      found = tf.random.uniform([2, 2], minval=1.0, maxval=3.0)
    np.testing.assert_allclose(found, 1 + 2 * _UNIFORM)
    (record,) = given.records
    self.assertEqual((record.op_type, record.op_seed), ("RandomUniform", 0))

  def test_a_stateless_draw_stands_for_a_stateful_one(self):
    given = self._given(RandomUniform=_UNIFORM)
    with given.scope():
      found = tf.random.stateless_uniform([2, 2], seed=[1, 2])
    np.testing.assert_array_equal(found, _UNIFORM)
    self.assertEqual(given.records[0].op_type, "RandomUniform")

  def test_a_generator_stands_for_a_stateful_op(self):
    given = self._given(RandomStandardNormal=_UNIFORM)
    generator = tf.random.Generator.from_seed(1)
    with given.scope():
      found = generator.normal([2, 2])
    np.testing.assert_array_equal(found, _UNIFORM)

  def test_draws_are_given_in_order_and_a_surplus_keeps_its_own(self):
    given = self._given(RandomUniform=_UNIFORM)
    with given.scope():
      tf.random.uniform([2, 2])
      second = tf.random.uniform([2, 2])
    self.assertFalse(np.array_equal(second, _UNIFORM))
    self.assertEqual([r.op_seed for r in given.records], [0, -1])

  def test_another_shape_dtype_or_kind_is_not_given(self):
    for draw in (
      lambda: tf.random.uniform([4]),
      lambda: tf.random.uniform([2, 2], dtype=tf.float64),
      lambda: tf.random.normal([2, 2]),
    ):
      given = self._given(RandomUniform=_UNIFORM)
      with given.scope():
        draw()
      self.assertEqual([r.op_seed for r in given.records], [-1])

  def test_what_no_numbers_can_stand_for_is_recorded_as_escaped(self):
    given = self._given(RandomUniform=_UNIFORM)
    with given.scope():
      tf.random.shuffle(tf.range(3))
    self.assertEqual(
      [(r.op_type, r.op_seed) for r in given.records], [("RandomShuffle", None)]
    )

  def test_a_function_that_was_traced_before_is_given_them_too(self):
    draw = tf.function(lambda: tf.random.uniform([2, 2]))
    self.assertFalse(np.array_equal(draw(), _UNIFORM))
    with self._given(RandomUniform=_UNIFORM).scope():
      np.testing.assert_array_equal(draw(), _UNIFORM)
    self.assertFalse(np.array_equal(draw(), _UNIFORM))

  def test_a_draw_inside_of_a_graph_is_refused(self):
    given = self._given(RandomUniform=_UNIFORM)
    with given.scope(), tf.Graph().as_default(), self.assertRaisesRegex(
      errors.AlignmentError, "RandomUniform at .*given_draws_test"
    ):
      tf.random.uniform([2, 2])

  def test_nothing_is_left_behind(self):
    with self._given(RandomUniform=_UNIFORM).scope():
      pass
    found = tf.random.uniform([2, 2])
    self.assertFalse(np.array_equal(found, _UNIFORM))


if __name__ == "__main__":
  absltest.main()
