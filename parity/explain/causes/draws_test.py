"""Tests for parity.explain.causes.draws."""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

from absl.testing import absltest
import numpy as np

from parity.explain import frontier
from parity.explain import partners as partners_lib
from parity.explain.causes import draws
from parity.explain.causes import place as place_lib
from parity.records import trace as trace_lib

_Step = Tuple[str, str, Sequence[str], Sequence[float]]
_ROOTS: Tuple[_Step, ...] = (
  ("a", "input:a", (), (1.0, 2.0, 3.0)),
  ("b", "input:b", (), (5.0, 7.0, 4.0)),
  ("shape", "constant", (), (3.0,)),
  ("first", "RandomUniform", ("shape",), (0.25, 0.5, 0.125)),
  ("second", "RandomUniform", ("shape",), (0.75, 0.3, 0.9)),
)
_KEPT: Tuple[_Step, ...] = (
  *_ROOTS,
  ("dropped_a", "Mul", ("a", "first"), (0.25, 1.0, 0.375)),
  ("dropped_b", "Mul", ("b", "second"), (3.75, 2.1, 3.6)),
)
_EXCHANGED: Tuple[_Step, ...] = (
  *_ROOTS,
  ("dropped_b", "Mul", ("b", "first"), (1.25, 3.5, 0.5)),
  ("dropped_a", "Mul", ("a", "second"), (0.75, 0.6, 2.7)),
)


def _trace(steps: Sequence[_Step]) -> trace_lib.Trace:
  numbers: Dict[str, int] = {}
  tensors: List[trace_lib.TensorRecord] = []
  ops: List[trace_lib.OpRecord] = []
  for name, op_type, operands, values in steps:
    array = np.asarray(values)
    numbers[name] = len(tensors)
    tensors.append(
      trace_lib.TensorRecord(
        array.shape,
        "float32",
        digest=str(values),
        finite=array.size,
        mean=float(np.mean(array)),
        rms=float(np.sqrt(np.mean(np.square(array)))),
        peak=float(np.max(array)),
        value=array,
        root=None if operands else op_type,
      )
    )
    if operands:
      inputs = tuple(numbers[each] for each in operands)
      ops.append(
        trace_lib.OpRecord(op_type, name, "", {}, inputs, (numbers[name],))
      )
  return trace_lib.Trace(
    tuple(ops), tuple(tensors), {"y": numbers[steps[-1][0]]}
  )


def _place(
  tf1: Sequence[_Step], tf2: Sequence[_Step], *, ops: Tuple[str, str]
) -> place_lib.Place:
  left, right = _trace(tf1), _trace(tf2)
  numbers = [
    next(i for i, op in enumerate(trace.ops) if op.name == name)
    for trace, name in zip((left, right), ops)
  ]
  divergence = frontier.Divergence(numbers[0], numbers[1], (), "y")
  partners = partners_lib.pair(left, right)
  return place_lib.place_at(divergence, left, right, partners)


class DrawsTest(absltest.TestCase):
  def test_draws_that_are_exchanged_are_another_order(self) -> None:
    ops = ("dropped_a", "dropped_b")
    found = draws.explain(_place(_KEPT, _EXCHANGED, ops=ops))
    assert found is not None
    self.assertEqual(found.cause, "random_order")
    self.assertEqual(found.where.tf1.op, "dropped_a")

  def test_another_tensor_that_is_dropped_is_no_matter_of_order(self) -> None:
    only_a = _KEPT[:-1]
    only_b = _EXCHANGED[:-1]
    ops = ("dropped_a", "dropped_b")
    self.assertIsNone(draws.explain(_place(only_a, only_b, ops=ops)))

  def test_ops_without_draws_stay_silent(self) -> None:
    plain = (*_ROOTS[:3], ("twice", "Mul", ("a", "a"), (1.0, 4.0, 9.0)))
    other = (*_ROOTS[:3], ("twice", "Mul", ("b", "b"), (25.0, 49.0, 16.0)))
    place = _place(plain, other, ops=("twice", "twice"))
    self.assertIsNone(draws.explain(place))


if __name__ == "__main__":
  absltest.main()
