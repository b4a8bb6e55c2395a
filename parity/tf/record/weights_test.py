"""Tests of parity.tf.record.weights."""

from __future__ import annotations

import os
import tempfile

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.golden import tensors
from parity.tf.record import weights
from testing import fakes


class ValuesTest(absltest.TestCase):
  def _values(self, *variables, **request):
    return weights.values_for(fakes.make_request(**request), variables)

  def test_initial_ones_put_nothing_in(self):
    self.assertEmpty(self._values(fakes.make_variable(), weights="initial"))

  def test_constant_ones_are_of_the_variables_shape_and_dtype(self):
    found = self._values(
      fakes.make_variable("a", (2, 3), dtype="float64"),
      fakes.make_variable("step", (), dtype="int64"),
      weights="constant",
      constant=0.5,
    )
    self.assertEqual(list(found), ["a"])
    self.assertEqual((found["a"].shape, found["a"].dtype), ((2, 3), "float64"))
    np.testing.assert_array_equal(found["a"], 0.5)

  def test_values_go_by_the_name_on_the_tf1_side(self):
    variable = fakes.make_variable("dense/kernel", tf1_name="fc/weights")
    self.assertEqual(
      list(self._values(variable, weights="constant")), ["fc/weights"]
    )

  def test_carried_ones_are_those_of_the_file(self):
    with tempfile.TemporaryDirectory() as folder:
      path = os.path.join(folder, "weights.safetensors")
      tensors.write_tensors(path, {"a": np.arange(3.0)})
      found = self._values(
        fakes.make_variable("a", (3,)),
        fakes.make_variable("b", (3,)),
        weights="carried",
        weights_file=path,
      )
    self.assertEqual(list(found), ["a"])
    np.testing.assert_array_equal(found["a"], [0.0, 1.0, 2.0])


class DistinctiveTest(parameterized.TestCase):
  def _value(self, name, shape=(8, 8), **changes):
    return weights.distinctive_value(
      fakes.make_variable(name, shape, **changes)
    )

  def test_depend_on_the_name_alone(self):
    np.testing.assert_array_equal(self._value("a"), self._value("a"))
    self.assertFalse(np.array_equal(self._value("a"), self._value("b")))

  def test_show_a_transposed_kernel(self):
    value = self._value("a")
    self.assertFalse(np.allclose(value, value.T))

  @parameterized.parameters("bn/moving_variance", "bn/gamma")
  def test_are_positive_where_they_scale(self, name):
    value = self._value(name, (1000,))
    self.assertBetween(value.min(), 0.5, 0.6)
    self.assertBetween(value.max(), 1.4, 1.5)

  def test_keep_activations_in_range(self):
    ones = np.ones((1, 4096), np.float32)
    self.assertLess(np.abs(ones @ self._value("k", (4096, 4))).max(), 6)

  def test_there_are_none_for_whole_numbers(self):
    self.assertIsNone(self._value("step", (), dtype="int64"))

  def test_half_precision_has_the_storage_of_its_own_or_of_float32(self):
    self.assertEqual(self._value("a", dtype="float16").dtype, np.float16)
    self.assertEqual(self._value("a", dtype="bfloat16").dtype, np.float32)


if __name__ == "__main__":
  absltest.main()
