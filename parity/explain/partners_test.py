"""Tests of parity.explain.partners."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import partners as partners_lib
from parity.records import trace as trace_lib
from testing import fake_traces
from testing import small_traces

_X = fake_traces.values(4, 6)
_MATRIX = np.array([[1.0, 2.0], [3.0, 5.0]])
_ONES = np.ones((2, 2))


def _one(value, *, budget=None, op_type="Given"):
  """A trace of one op that gives a value."""
  made = fake_traces.TraceMaker(budget=budget)
  x = made.input("x", np.ones(1, np.float32))
  return made.build(y=made.op(op_type, x, gives=value))


def _are_paired(left, right, *, budget=None):
  partners = partners_lib.pair(
    _one(left, budget=budget), _one(right, budget=budget, op_type="Other")
  )
  return partners.are(1, 1)


class ByValueTest(absltest.TestCase):
  def test_equal_values_are_partners(self):
    self.assertTrue(_are_paired(_X, _X.copy()))

  def test_other_values_are_none(self):
    self.assertFalse(_are_paired(_X, fake_traces.values(4, 6, seed=9)))

  def test_rounding_does_not_part_partners(self):
    self.assertTrue(_are_paired(_X, np.nextafter(_X, np.float32(9))))

  def test_more_than_rounding_does(self):
    self.assertFalse(_are_paired(_X, _X * np.float32(1.001)))

  def test_another_layout_is_recognised(self):
    images = fake_traces.values(2, 5, 6, 3)
    self.assertTrue(_are_paired(images, images.transpose(0, 3, 1, 2)))
    self.assertTrue(_are_paired(images, images.reshape(2, 30, 3)))

  def test_the_same_values_in_another_order_are_no_layout(self):
    images = fake_traces.values(2, 5, 6, 3)
    self.assertFalse(_are_paired(images, images[:, ::-1]))

  def test_integers_must_be_equal(self):
    ints = np.arange(100, 200)
    self.assertTrue(_are_paired(ints, ints.copy()))
    self.assertFalse(_are_paired(ints, ints + (ints == 150)))

  def test_nan_at_the_same_places_is_equal(self):
    holed = _X.copy()
    holed[1, 2] = np.nan
    near = np.nextafter(holed, np.float32(9))
    self.assertTrue(_are_paired(holed, near))
    moved = near.copy()
    moved[1, 2], moved[1, 3] = moved[1, 3], np.nan
    self.assertFalse(_are_paired(holed, moved))

  def test_the_nearest_of_two_is_the_partner(self):
    made = fake_traces.TraceMaker()
    x = made.input("x", np.ones(1, np.float32))
    near = made.op("Other", x, gives=_X + np.float32(1e-7))
    far = made.op("Other", x, gives=_X + np.float32(1e-5))
    partners = partners_lib.pair(_one(_X), made.build(a=near, b=far))
    self.assertTrue(partners.are(1, near))
    self.assertFalse(partners.are(1, far))


class WithoutValuesTest(absltest.TestCase):
  def test_sketches_find_partners_in_any_layout(self):
    images = fake_traces.values(4, 20, 20, 8)
    near = np.nextafter(images, np.float32(9))
    for other in (near, near.transpose(0, 3, 1, 2), near.reshape(80, 160)):
      self.assertTrue(_are_paired(images, other, budget=0))

  def test_sketches_part_what_differs(self):
    images = fake_traces.values(4, 20, 20, 8)
    shifted = images.copy()
    shifted[..., 3] += np.float32(0.01)
    for other in (shifted, images[:, ::-1], images * np.float32(1.001)):
      self.assertFalse(_are_paired(images, other, budget=0))

  def test_a_value_is_held_against_a_sketch(self):
    images = fake_traces.values(4, 20, 20, 8)
    near = np.nextafter(images, np.float32(9))
    partners = partners_lib.pair(
      _one(images), _one(near, budget=0, op_type="Other")
    )
    self.assertTrue(partners.are(1, 1))


class CongruenceTest(absltest.TestCase):
  def _trace(self, *, op_type="Relu", drift=0.0):
    """An op on x, whose result drifted as chaos makes it drift."""
    made = fake_traces.TraceMaker()
    x = made.input("x", _X)
    return made.build(y=made.op(op_type, x, gives=_X * (2 + drift)))

  def test_one_function_of_partners_gives_partners(self):
    partners = partners_lib.pair(self._trace(), self._trace(drift=0.01))
    self.assertTrue(partners.are(1, 1))
    self.assertIn((1, 1), partners.congruent)

  def test_another_function_does_not(self):
    partners = partners_lib.pair(
      self._trace(), self._trace(op_type="Tanh", drift=0.01)
    )
    self.assertFalse(partners.are(1, 1))

  def test_a_random_op_does_not(self):
    partners = partners_lib.pair(
      self._trace(op_type="RandomUniform"),
      self._trace(op_type="RandomUniform", drift=0.01),
    )
    self.assertFalse(partners.are(1, 1))


def _product(matrix, result):
  small = small_traces.SmallTrace()
  x = small.root("input:x", _ONES * 7)
  w = small.root("variable:w", matrix)
  y = small.op("MatMul", [x, w], result)
  return small.trace({"y": y})


class PairTest(absltest.TestCase):
  def test_ops_of_equal_operands_are_partners_however_they_round(self) -> None:
    tf1 = _product(_MATRIX, _ONES * 3)
    tf2 = _product(_MATRIX, _ONES * 3.1)
    found = partners_lib.pair(tf1, tf2)
    self.assertTrue(found.are(tf1.outputs["y"], tf2.outputs["y"]))

  def test_a_transposed_operand_is_no_equal_one(self) -> None:
    tf1 = _product(_MATRIX, _ONES * 3)
    tf2 = _product(_MATRIX.T, _ONES * 3.1)
    found = partners_lib.pair(tf1, tf2)
    self.assertTrue(found.are(1, 1))
    self.assertFalse(found.are(tf1.outputs["y"], tf2.outputs["y"]))

  def test_results_of_other_shapes_are_of_no_equal_function(self) -> None:
    tf1 = _product(_MATRIX, np.ones(2))
    tf2 = _product(_MATRIX, _ONES)
    found = partners_lib.pair(tf1, tf2)
    self.assertFalse(found.are(tf1.outputs["y"], tf2.outputs["y"]))


class DistanceTest(absltest.TestCase):
  def test_imaginary_parts_count(self) -> None:
    records = [
      trace_lib.TensorRecord((2,), "complex64", digest=str(number), value=value)
      for number, value in enumerate(
        [np.array([1.0, 2.0 + 2j]), np.array([1.0, 2.0 + 1j])]
      )
    ]
    self.assertEqual(partners_lib.distance(*records, closeness=1e-6), 0.5)


if __name__ == "__main__":
  absltest.main()
