"""Tests of parity.explain.elsewhere, on traces that a test can run itself."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.explain import elsewhere
from parity.records import tolerance as tolerance_lib
from parity.records import trace as trace_lib

_POLICY = tolerance_lib.TolerancePolicy()


def _tensor(value, *, root=None):
  value = np.asarray(value, np.float32)
  digest = f"{value.shape} {value.tobytes().hex()}"
  return trace_lib.TensorRecord(
    shape=value.shape,
    dtype="float32",
    digest=digest,
    peak=float(np.max(np.abs(value))),
    rms=float(np.sqrt(np.mean(np.square(value)))),
    value=value,
    root=root,
  )


def _trace(factor):
  """(x - mean(x)) * factor + 1, which is 1 where x is constant."""
  tensors = (
    _tensor(np.ones(4), root="input:x"),
    _tensor(np.float32(factor), root="constant"),
    _tensor(np.zeros(4)),
    _tensor(np.zeros(4)),
  )
  ops = (
    trace_lib.OpRecord("Centre", "centre", "", {}, (0,), (2,)),
    trace_lib.OpRecord("Mul", "mul", "", {}, (2, 1), (3,)),
  )
  return trace_lib.Trace(ops=ops, tensors=tensors, outputs={"y": 3})


_FORMULAS = {
  "Centre": lambda x: x - np.mean(x),
  "Mul": lambda x, y: x * y,
}


def _replay(trace):
  """Runs the ops in float64; what a repair puts in keeps its values."""
  values = [
    None if t.value is None else np.asarray(t.value, np.float64)
    for t in trace.tensors
  ]
  for op in trace.ops:
    if op.op_type in _FORMULAS:
      operands = [values[tensor] for tensor in op.inputs]
      values[op.outputs[0]] = _FORMULAS[op.op_type](*operands)
  tensors = tuple(
    tensor
    if value is None
    else dataclasses.replace(
      tensor,
      value=value,
      digest=value.tobytes().hex(),
      peak=float(np.max(np.abs(value))),
      rms=float(np.sqrt(np.mean(np.square(value)))),
    )
    for tensor, value in zip(trace.tensors, values)
  )
  return dataclasses.replace(trace, tensors=tensors)


class ElsewhereTest(absltest.TestCase):
  def test_equal_functions_agree_there(self):
    found = elsewhere.explain(
      _trace(0.5), _trace(0.5), policy=_POLICY, replay=_replay
    )
    self.assertEmpty(found)

  def test_another_function_with_the_same_result_here_is_found_there(self):
    one, two = _trace(0.5), _trace(0.6)
    self.assertEqual(_replay(one).tensors[3].value.tolist(), [0.0] * 4)
    self.assertEqual(_replay(two).tensors[3].value.tolist(), [0.0] * 4)
    (finding,) = elsewhere.explain(one, two, policy=_POLICY, replay=_replay)
    self.assertEqual(finding.cause, "constant")
    self.assertIn("0.6", finding.message)

  def test_the_tolerance_there_is_a_share_of_tf1s_values(self):
    policy = tolerance_lib.TolerancePolicy.from_spec(
      {"y": tolerance_lib.Tolerance(rtol=0.5, atol=0.0)}
    )
    for tf1, tf2, is_found in ((1.0, 1.8, True), (1.8, 1.0, False)):
      found = elsewhere.explain(
        _trace(tf1), _trace(tf2), policy=policy, replay=_replay
      )
      self.assertEqual(bool(found), is_found)

  def test_equal_roots_move_alike_whatever_their_names(self):
    one = _trace(0.5)
    tensors = list(one.tensors)
    tensors[0] = _tensor(np.arange(1.0, 5.0), root="input:x")
    one = dataclasses.replace(one, tensors=tuple(tensors))
    tensors[0] = dataclasses.replace(tensors[0], root="constant")
    two = dataclasses.replace(one, tensors=tuple(tensors))
    roots = elsewhere.roots_of((one, two))
    left = elsewhere.moved(one, roots).tensors[0].value
    right = elsewhere.moved(two, roots).tensors[0].value
    np.testing.assert_array_equal(left, right)
    by = left / np.arange(1.0, 5.0)
    self.assertGreater(np.ptp(by), 0.01)
    self.assertLess(np.max(np.abs(by - 1)), 0.101)

  def test_a_constant_of_ones_is_no_variable_that_starts_from_ones(self):
    one = _trace(0.5)
    ones = _tensor(np.ones(4), root="constant")
    two = dataclasses.replace(one, tensors=(*one.tensors, ones))
    there = elsewhere.moved(two, elsewhere.roots_of((one, two)))
    self.assertIs(there.tensors[4], ones)
    # The input is one of ones too, and is known by its name on both sides.
    self.assertGreater(np.ptp(there.tensors[0].value), 0.01)

  def test_only_names_that_both_sides_have_are_known(self):
    one = _trace(0.5)
    other = dataclasses.replace(one.tensors[0], root="input:z")
    two = dataclasses.replace(one, tensors=(other, *one.tensors[1:]))
    self.assertEqual(elsewhere.roots_of((one, one)).names, {"input:x"})
    self.assertEmpty(elsewhere.roots_of((one, two)).names)

  def test_constants_and_what_ops_made_stay(self):
    one = _trace(0.5)
    there = elsewhere.moved(one, elsewhere.roots_of((one,)))
    for number in (1, 2, 3):
      self.assertIs(there.tensors[number], one.tensors[number])


if __name__ == "__main__":
  absltest.main()
