"""Tests of parity.audit.mutants, with ops that NumPy runs."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.audit import mutants
from parity.audit import mutations
from parity.records import trace as trace_lib

_OPS = {
  "Sub": np.subtract,
  "Relu": lambda x: np.maximum(x, 0),
  "Elu": lambda x: np.where(x > 0, x, np.expm1(x)),
  "Neg": np.negative,
}


def _replay(trace):
  """Runs a trace's ops with NumPy; other ops give nothing."""
  values = {n: record.value for n, record in enumerate(trace.tensors)}
  for op in trace.ops:
    operands = [values[t] for t in op.inputs]
    result = None
    if op.op_type in _OPS and all(o is not None for o in operands):
      result = _OPS[op.op_type](*operands)
    values[op.outputs[0]] = result
  tensors = tuple(
    dataclasses.replace(record, value=values[n], shape=np.shape(values[n]))
    for n, record in enumerate(trace.tensors)
  )
  return dataclasses.replace(trace, tensors=tensors)


def _op(op_type, inputs, output):
  return trace_lib.OpRecord(
    op_type, f"net/{op_type}", "net", {}, inputs, (output,)
  )


def _base(last="Neg"):
  """`y = -relu(a - b)` and `z = a - b`, run."""
  empty = trace_lib.TensorRecord((), "float64")
  roots = [
    dataclasses.replace(empty, value=np.array(v), root="input:x")
    for v in ([1.0, -2.0], [3.0, 5.0])
  ]
  return _replay(
    trace_lib.Trace(
      (_op("Sub", (0, 1), 2), _op("Relu", (2,), 3), _op(last, (3,), 4)),
      (*roots, empty, empty, empty),
      {"z": 2, "y": 4},
    )
  )


class RunTest(absltest.TestCase):
  def test_only_outputs_behind_the_change_come_back_changed(self):
    base = _base()
    swapped = mutations.Mutation(
      0, "swapped_operands", "", _op("Sub", (1, 0), 2)
    )
    elu = mutations.Mutation(1, "other_activation", "", _op("Elu", (2,), 3))
    first, second = mutants.run(base, [swapped, elu], _replay)
    np.testing.assert_array_equal(first.outputs["z"], [2.0, 7.0])
    np.testing.assert_array_equal(first.outputs["y"], [-2.0, -7.0])
    self.assertEqual(list(second.outputs), ["y"])
    np.testing.assert_allclose(second.outputs["y"], -np.expm1([-2.0, -7.0]))

  def test_an_op_that_is_gone_is_its_alias_or_a_value(self):
    base = _base()
    alias = mutations.Mutation(1, "dropped_bias", "", alias=2)
    value = mutations.Mutation(1, "shifted_draw", "", value=np.array([8.0, 9]))
    first, second = mutants.run(base, [alias, value], _replay)
    np.testing.assert_array_equal(first.outputs["y"], [2.0, 7.0])
    np.testing.assert_array_equal(second.outputs["y"], [-8.0, -9.0])

  def test_what_cannot_be_run_is_none(self):
    base = _base(last="NoSuchOp")
    alias = mutations.Mutation(1, "dropped_bias", "", alias=2)
    (found,) = mutants.run(base, [alias], _replay)
    self.assertIsNone(found.outputs["y"])

  def test_a_draw_is_not_run_again_because_its_shape_was_computed(self):
    base = _base(last="RandomUniform")
    alias = mutations.Mutation(1, "dropped_bias", "", alias=2)
    (found,) = mutants.run(base, [alias], _replay)
    self.assertEmpty(found.outputs)

  def test_many_mutants_come_in_order_over_several_trials(self):
    base = _base()
    wanted = [
      mutations.Mutation(1, "shifted_draw", "", value=np.array([float(n), 0]))
      for n in range(5)
    ]
    trials = []

    def counted(trace):
      trials.append(trace)
      return _replay(trace)

    most, mutants._MOST_BYTES = mutants._MOST_BYTES, 40
    try:
      found = list(mutants.run(base, wanted, counted))
    finally:
      mutants._MOST_BYTES = most
    self.assertEqual([m.outputs["y"][0] for m in found], [0, -1, -2, -3, -4])
    self.assertLen(trials, 3)


if __name__ == "__main__":
  absltest.main()
