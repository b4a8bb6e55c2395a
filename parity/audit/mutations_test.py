"""Tests of parity.audit.mutations: what is proposed, and what is not."""

from __future__ import annotations

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity.audit import mutations
from parity.records import audit as audit_lib
from parity.records import trace as trace_lib


def _tensor(value, root=None):
  value = np.asarray(value)
  if value.dtype == np.float64:
    value = value.astype(np.float32)
  return trace_lib.TensorRecord(
    value.shape, value.dtype.name, "digest", value=value, root=root
  )


def _trace(op_type, operands, result, *, phase="forward", **attributes):
  """A trace of one op, whose result is the output."""
  tensors = [*operands, _tensor(result)]
  op = trace_lib.OpRecord(
    op_type=op_type,
    name=f"net/{op_type}",
    scope="net",
    attributes=attributes,
    inputs=tuple(range(len(operands))),
    outputs=(len(operands),),
    source="port.py:7",
    phase=phase,
  )
  return trace_lib.Trace((op,), tuple(tensors), {"y": len(operands)})


_SQUARE = np.arange(9.0).reshape(3, 3)
_WIDE = np.arange(6.0).reshape(2, 3)
_KERNEL = _tensor(_SQUARE, "variable:net/kernel")


class ProposeTest(parameterized.TestCase):
  @parameterized.named_parameters(
    (
      "difference",
      _trace("Sub", [_tensor(_WIDE), _tensor(_WIDE)], _WIDE),
      "swapped_operands",
    ),
    (
      "square_kernel",
      _trace("MatMul", [_tensor(_WIDE), _KERNEL], _WIDE),
      "transposed_kernel",
    ),
    ("activation", _trace("Relu", [_tensor(_WIDE)], _WIDE), "other_activation"),
    (
      "bias",
      _trace(
        "BiasAdd", [_tensor(_WIDE), _tensor(np.ones(3), "variable:b")], _WIDE
      ),
      "dropped_bias",
    ),
    (
      "guard",
      _trace("Maximum", [_tensor(_WIDE), _tensor(1e-8, "constant")], _WIDE),
      "other_constant",
    ),
    (
      "slope",
      _trace("LeakyRelu", [_tensor(_WIDE)], _WIDE, alpha=0.2),
      "other_attribute",
    ),
    (
      "axis",
      _trace(
        "Mean", [_tensor(_SQUARE), _tensor(np.int32(0), "constant")], np.ones(3)
      ),
      "other_axis",
    ),
    (
      "bound",
      _trace("Greater", [_tensor(_WIDE), _tensor(_WIDE)], _WIDE > 1),
      "shifted_bound",
    ),
    (
      "draw",
      _trace("RandomUniform", [_tensor(np.int32([2, 3]))], _WIDE),
      "shifted_draw",
    ),
    (
      "update",
      _trace(
        "AssignVariableOp",
        [_tensor(_WIDE, "variable:v"), _tensor(_WIDE)],
        _WIDE,
      ),
      "skipped_update",
    ),
  )
  def test_what_a_person_gets_wrong_is_proposed(self, trace, kind):
    self.assertIn(kind, audit_lib.KINDS)
    self.assertIn(kind, [m.kind for m in mutations.propose(trace)])

  @parameterized.named_parameters(
    ("sum", _trace("AddV2", [_tensor(_WIDE), _tensor(_WIDE)], _WIDE)),
    (
      "difference_that_broadcasts",
      _trace("Sub", [_tensor(_WIDE), _tensor(np.ones(3))], _WIDE),
    ),
    (
      "kernel_that_is_not_square",
      _trace(
        "MatMul",
        [_tensor(_WIDE), _tensor(np.ones((3, 4)), "variable:k")],
        np.ones((2, 4)),
      ),
    ),
    (
      "axis_of_another_length",
      _trace(
        "Mean", [_tensor(_WIDE), _tensor(np.int32(0), "constant")], np.ones(3)
      ),
    ),
    (
      "update_whose_value_before_is_unknown",
      _trace(
        "AssignVariableOp",
        [trace_lib.TensorRecord((), "float32"), _tensor(_WIDE)],
        _WIDE,
      ),
    ),
    (
      "gradient",
      _trace("Relu", [_tensor(_WIDE)], _WIDE, phase="gradient"),
    ),
  )
  def test_what_changes_a_shape_or_nothing_is_not(self, trace):
    self.assertEmpty(mutations.propose(trace))

  def test_an_op_that_no_output_depends_on_is_left_alone(self):
    trace = _trace("Relu", [_tensor(_WIDE)], _WIDE)
    unused = trace_lib.Trace(trace.ops, trace.tensors, {"y": 0})
    self.assertEmpty(mutations.propose(unused))

  def test_factor_is_left_out_and_changed_but_not_one(self):
    half = _trace("Mul", [_tensor(_WIDE), _tensor(0.5, "constant")], _WIDE)
    self.assertEqual(
      [m.kind for m in mutations.propose(half)],
      ["dropped_factor", "other_constant"],
    )


if __name__ == "__main__":
  absltest.main()
