"""Tests of parity.explain.partners."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import partners
from parity.records import trace as trace_lib
from testing import small_traces

_MATRIX = np.array([[1.0, 2.0], [3.0, 5.0]])
_ONES = np.ones((2, 2))


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
    found = partners.pair(tf1, tf2)
    self.assertTrue(found.are(tf1.outputs["y"], tf2.outputs["y"]))

  def test_a_transposed_operand_is_no_equal_one(self) -> None:
    tf1 = _product(_MATRIX, _ONES * 3)
    tf2 = _product(_MATRIX.T, _ONES * 3.1)
    found = partners.pair(tf1, tf2)
    self.assertTrue(found.are(1, 1))
    self.assertFalse(found.are(tf1.outputs["y"], tf2.outputs["y"]))

  def test_results_of_other_shapes_are_of_no_equal_function(self) -> None:
    tf1 = _product(_MATRIX, np.ones(2))
    tf2 = _product(_MATRIX, _ONES)
    found = partners.pair(tf1, tf2)
    self.assertFalse(found.are(tf1.outputs["y"], tf2.outputs["y"]))


class DistanceTest(absltest.TestCase):
  def test_imaginary_parts_count(self) -> None:
    records = [
      trace_lib.TensorRecord((2,), "complex64", digest=str(number), value=value)
      for number, value in enumerate(
        [np.array([1.0, 2.0 + 2j]), np.array([1.0, 2.0 + 1j])]
      )
    ]
    self.assertEqual(partners.distance(*records, closeness=1e-6), 0.5)


if __name__ == "__main__":
  absltest.main()
