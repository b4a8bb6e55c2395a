"""Tests of parity.sides.stored_trace; the ops are run by a function here."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.records import tolerance as tolerance_lib
from parity.records import trace as trace_lib
from parity.sides import stored_trace

_POLICY = tolerance_lib.TolerancePolicy()


def _tensor(value, *, root=None):
  value = np.asarray(value)
  return trace_lib.TensorRecord(
    shape=value.shape,
    dtype=value.dtype.name,
    digest=value.tobytes().hex() or "empty",
    value=value,
    root=root,
  )


def _trace(output, *, x=(1.0, 2.0)):
  """A doubling, a random draw, and their sum, which is the output."""
  x = np.asarray(x, np.float32)
  tensors = (
    _tensor(x, root="input:x"),
    _tensor(2 * x),
    _tensor(np.float32([0.25, 0.5])),
    _tensor(np.asarray(output, np.float32)),
  )
  ops = (
    trace_lib.OpRecord("Double", "double", "", {}, (0,), (1,)),
    trace_lib.OpRecord("RandomUniform", "draw", "", {}, (), (2,)),
    trace_lib.OpRecord("Add", "add", "", {}, (1, 2), (3,)),
  )
  return trace_lib.Trace(ops=ops, tensors=tensors, outputs={"y": 3})


def _rerun(trace, *, scale=1.0):
  """Runs the ops; by `scale` as another version might."""
  values = [t.value for t in trace.tensors]
  values[1] = np.float32(scale) * 2 * values[0]
  values[3] = values[1] + values[2]
  tensors = tuple(
    dataclasses.replace(tensor, value=value)
    for tensor, value in zip(trace.tensors, values)
  )
  return dataclasses.replace(trace, tensors=tensors)


def _departure(trace, **settings):
  rerun = lambda t: _rerun(t, **settings)  # noqa: E731
  return stored_trace.first_departure(
    trace, rerun(trace), rerun=rerun, policy=_POLICY
  )


class StoredTraceTest(absltest.TestCase):
  def test_roots_draws_and_outputs_keep_their_values_and_nothing_else(self):
    bare = stored_trace.without_values(_trace([2.25, 4.5]))
    kept = [t.value is not None for t in bare.tensors]
    self.assertEqual(kept, [True, False, True, True])
    self.assertEqual(bare.tensors[1].digest, _trace([0, 0]).tensors[1].digest)

  def test_what_an_op_with_unseen_operands_gave_is_kept(self):
    trace = _trace([2.25, 4.5])
    unseen = trace_lib.TensorRecord(shape=(), dtype="resource")
    tensors = (unseen, *trace.tensors[1:])
    bare = stored_trace.without_values(
      dataclasses.replace(trace, tensors=tensors)
    )
    self.assertIsNotNone(bare.tensors[1].value)

  def test_what_comes_of_text_or_of_a_table_is_kept(self):
    trace = _trace([2.25, 4.5])
    text = dataclasses.replace(trace.tensors[0], dtype="string", value=None)
    look_up = dataclasses.replace(trace.ops[0], op_type="LookupTableFindV2")
    for given in (
      dataclasses.replace(trace, tensors=(text, *trace.tensors[1:])),
      dataclasses.replace(trace, ops=(look_up, *trace.ops[1:])),
    ):
      bare = stored_trace.without_values(given)
      self.assertIsNotNone(bare.tensors[1].value)

  def test_completed_has_what_the_ops_give_and_the_stored_outputs(self):
    bare = stored_trace.without_values(_trace([9.0, 9.0]))
    found = stored_trace.completed(bare, _rerun(bare))
    np.testing.assert_array_equal(found.tensors[1].value, [2.0, 4.0])
    np.testing.assert_array_equal(found.tensors[3].value, [9.0, 9.0])

  def test_ops_that_give_what_was_stored_stand_for_it(self):
    bare = stored_trace.without_values(_trace([2.25, 4.5]))
    self.assertIsNone(_departure(bare))

  def test_a_kernel_that_computes_otherwise_is_told_with_the_noise(self):
    bare = stored_trace.without_values(_trace([2.25, 4.5]))
    found = _departure(bare, scale=1.001)
    self.assertEqual(found.name, "y")
    self.assertAlmostEqual(found.gap, 0.004, places=5)
    self.assertLess(found.noise, 1e-6)

  def test_what_one_ulp_at_the_roots_explains_is_no_departure(self):
    # Of 2e6 a unit in the last place is 0.25, far beyond the tolerance.
    x = np.float32([2e6, 2e6])
    bare = stored_trace.without_values(
      _trace(2 * x + np.float32([0.5, 0.5]), x=x)
    )
    limit = tolerance_lib.Tolerance(rtol=0.0, atol=1e-9)
    policy = tolerance_lib.TolerancePolicy(default=limit)
    self.assertIsNone(
      stored_trace.first_departure(
        bare, _rerun(bare), rerun=_rerun, policy=policy
      )
    )


if __name__ == "__main__":
  absltest.main()
