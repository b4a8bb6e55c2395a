from __future__ import annotations

import doctest
import itertools

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.compare import layouts


def _random(*shape, seed=0):
  rng = np.random.RandomState(seed)
  return rng.normal(size=shape).astype(np.float32)


class TransposeTest(parameterized.TestCase):
  @parameterized.parameters(*itertools.permutations(range(4)))
  def test_every_order_of_axes_but_the_own(self, *axes):
    reference = _random(2, 3, 4, 5)
    found = layouts.explain_layout(reference, reference.transpose(axes))
    if axes == (0, 1, 2, 3):
      self.assertIsNone(found)
    else:
      self.assertEqual((found.kind, found.axes), ("transpose", axes))

  def test_square_kernel(self):
    reference = _random(8, 8)
    found = layouts.explain_layout(reference, reference.T.copy())
    self.assertEqual((found.kind, found.axes), ("transpose", (1, 0)))

  def test_one_other_element_spoils_it(self):
    reference = _random(100, 80)
    other = reference.T.copy()
    other[40, 3] += 1e-2
    self.assertIsNone(layouts.explain_layout(reference, other))

  def test_a_symmetric_matrix_needs_no_explanation(self):
    reference = _random(8, 8)
    reference = reference + reference.T
    self.assertIsNone(layouts.explain_layout(reference, reference.T.copy()))


class OrderTest(parameterized.TestCase):
  @parameterized.parameters(0, 1, 2)
  def test_reversal(self, axis):
    reference = _random(4, 5, 3)
    found = layouts.explain_layout(reference, np.flip(reference, axis))
    self.assertEqual((found.kind, found.axis), ("reversal", axis))

  @parameterized.parameters(0, 1, 2)
  def test_permutation_with_rounding(self, axis):
    reference = _random(6, 7, 9)
    order = np.random.RandomState(1).permutation(reference.shape[axis])
    other = np.take(reference, order, axis) * np.float32(1 + 1e-6)
    found = layouts.explain_layout(reference, other)
    self.assertEqual((found.kind, found.axis), ("permutation", axis))
    self.assertEqual(found.permutation, tuple(order))

  def test_permutation_of_a_vector(self):
    reference = _random(9)
    order = (3, 1, 2, 0, 4, 5, 6, 8, 7)
    found = layouts.explain_layout(reference, reference[list(order)])
    self.assertEqual(found.permutation, order)
    self.assertIn("in the order (3, 1, 2, 0", str(found))

  def test_gates_in_another_order(self):
    reference = _random(5, 16)
    gates = np.split(reference, 4, axis=1)
    other = np.concatenate([gates[i] for i in (0, 2, 1, 3)], axis=1)
    found = layouts.explain_layout(reference, other)
    self.assertIn(
      "axis 1 in blocks of 4, in the order (0, 2, 1, 3)", found.text
    )

  def test_rolled_sequence(self):
    reference = _random(2, 10, 3)
    found = layouts.explain_layout(reference, np.roll(reference, 1, axis=1))
    self.assertIn("axis 1 rolled by 1", found.text)
    found = layouts.explain_layout(reference, np.roll(reference, -1, axis=1))
    self.assertIn("axis 1 rolled by -1", found.text)

  def test_slices_that_differ_too_are_not_explained(self):
    reference = _random(6, 50)
    other = reference[::-1][[1, 0, 2, 3, 4, 5]].copy()
    other[2, 17] += 0.1
    self.assertIsNone(layouts.explain_layout(reference, other))

  def test_many_slices(self):
    reference = _random(5000, 4)
    order = np.random.RandomState(2).permutation(5000)
    found = layouts.explain_layout(reference, reference[order])
    self.assertEqual(found.permutation, tuple(order))
    self.assertIn("of 5000 slices moved", found.text)


class ScaleTest(parameterized.TestCase):
  @parameterized.parameters(
    (2.0, "2"), (0.5, "1/2"), (-1.0, "-1"), (1 / 255, "1/255"), (1.25, "1.25")
  )
  def test_factor(self, factor, name):
    reference = _random(6, 9)
    other = reference * np.float32(factor)
    found = layouts.explain_layout(reference, other)
    self.assertEqual((found.kind, found.factor_name), ("factor", name))
    self.assertAlmostEqual(found.factor, factor, places=5)

  def test_factor_of_the_batch_size(self):
    reference = _random(32, 9)
    found = layouts.explain_layout(reference, reference / 32)
    self.assertEqual(found.factor_name, "1/32, 32 being the size of axis 0")

  def test_offset(self):
    reference = _random(6, 9)
    found = layouts.explain_layout(reference, reference - np.float32(0.25))
    self.assertEqual(found.kind, "offset")
    self.assertAlmostEqual(found.offset, -0.25, places=6)
    self.assertIn("plus -0.25", found.text)

  def test_a_factor_and_an_offset_at_once_are_not_explained(self):
    reference = _random(6, 9)
    self.assertIsNone(layouts.explain_layout(reference, reference * 2 + 1))

  def test_one_other_element_spoils_it(self):
    reference = _random(300, 300)
    other = reference * 2
    other[150, 150] += 0.1
    self.assertIsNone(layouts.explain_layout(reference, other))


class SilentTest(parameterized.TestCase):
  def test_equal_or_nearly_equal_tensors(self):
    reference = _random(5, 5)
    self.assertIsNone(layouts.explain_layout(reference, reference.copy()))
    nearly = reference * np.float32(1 + 1e-6)
    self.assertIsNone(layouts.explain_layout(reference, nearly))

  def test_unrelated_tensors(self):
    for seed in range(1, 20):
      self.assertIsNone(
        layouts.explain_layout(_random(3, 4), _random(3, 4, seed=seed))
      )

  def test_constant_data_proves_nothing(self):
    reference = np.full((3, 4), 0.5)
    self.assertIsNone(layouts.explain_layout(reference, reference * 2))
    self.assertIsNone(layouts.explain_layout(reference, reference.T))
    self.assertIsNone(layouts.explain_layout(reference, _random(3, 4)))

  @parameterized.parameters(np.nan, np.inf)
  def test_non_finite_data(self, odd):
    reference = _random(3, 4)
    reference[1, 1] = odd
    self.assertIsNone(layouts.explain_layout(reference, reference.T))

  def test_unlike_shapes_scalars_text_and_complex(self):
    explain = layouts.explain_layout
    self.assertIsNone(explain(_random(3, 4), _random(2, 6)))
    self.assertIsNone(explain(np.array(1.0), np.array(2.0)))
    self.assertIsNone(explain(np.zeros((0, 2)), np.zeros((2, 0))))
    self.assertIsNone(explain(np.array(["a", "b"]), np.array(["b", "a"])))
    self.assertIsNone(explain(np.array([1j, 2]), np.array([2, 1j])))

  def test_integers_and_half_precision_are_explained_too(self):
    reference = np.random.RandomState(3).randint(0, 99, size=(4, 6))
    self.assertEqual(
      layouts.explain_layout(reference, reference.T).kind, "transpose"
    )
    halves = _random(4, 6).astype(np.float16)
    found = layouts.explain_layout(halves, halves * np.float16(2))
    self.assertEqual(found.factor_name, "2")

  def test_examples_in_docstrings(self):
    self.assertEqual(doctest.testmod(layouts).failed, 0)


if __name__ == "__main__":
  absltest.main()
