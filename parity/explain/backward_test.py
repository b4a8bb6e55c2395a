"""Tests for parity.explain.backward."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

from absl.testing import absltest
import numpy as np

from parity.explain import backward
from parity.explain import partners as partners_lib
from parity.records import report as report_lib
from parity.records import trace as trace_lib
from testing import fakes

_Step = Tuple[str, str, Sequence[str], Optional[np.ndarray]]


def _trace(
  steps: Sequence[_Step], outputs: Dict[str, str], *, side: str = "tf1"
) -> trace_lib.Trace:
  """A trace from `(result, op type, operands, value)`; roots are declared."""
  numbers: Dict[str, int] = {}
  tensors: List[trace_lib.TensorRecord] = []
  ops: List[trace_lib.OpRecord] = []
  for name, op_type, operands, value in steps:
    numbers[name] = len(tensors)
    array = np.arange(1.0, 4.0) * len(name) if value is None else value
    tensors.append(
      trace_lib.TensorRecord(
        array.shape,
        array.dtype.name,
        digest=f"{array.tolist()}",
        finite=array.size,
        mean=float(np.mean(array)),
        rms=float(np.sqrt(np.mean(np.square(array)))),
        peak=float(np.max(np.abs(array))),
        value=array,
        root=op_type if ":" in op_type or op_type == "constant" else None,
      )
    )
    if operands:
      phase = "gradient" if name.startswith("slope") else "forward"
      prefix = "gradients/" if phase == "gradient" and side == "tf1" else ""
      ops.append(
        trace_lib.OpRecord(
          op_type=op_type,
          name=f"{prefix}net/{name}",
          scope="net",
          attributes={},
          inputs=tuple(numbers[each] for each in operands),
          outputs=(numbers[name],),
          source=f"{side}.py:{len(ops)}",
          phase=phase,
        )
      )
  return trace_lib.Trace(
    tuple(ops),
    tuple(tensors),
    {path: numbers[name] for path, name in outputs.items()},
  )


def _model(
  middle: Sequence[_Step], last: str, *, side: str = "tf1"
) -> trace_lib.Trace:
  """A variable `w`, its product, what is between, and the loss."""
  steps: List[_Step] = [
    ("x", "input:x", (), np.array([1.0, 2.0, 3.0])),
    ("w", "variable:w", (), np.array([3.0, 1.0, 2.0])),
    ("product", "Mul", ("x", "w"), np.array([3.0, 2.0, 6.0])),
    *middle,
    ("loss", "Sum", (last,), np.array([9.0])),
  ]
  return _trace(steps, {"loss:": "loss"}, side=side)


def _with_gradient(trace: trace_lib.Trace) -> trace_lib.Trace:
  return trace_lib.Trace(
    trace.ops, trace.tensors, {**trace.outputs, "gradient:w": 0}
  )


_SAME = np.array([3.0, 2.0, 6.0])
_PLAIN = _model((), "product")
_STOPPED = _model([("stopped", "StopGradient", ("product",), _SAME)], "stopped")


class MissingTest(absltest.TestCase):
  def test_stop_gradient_of_the_port_is_named(self) -> None:
    found = backward.missing(_with_gradient(_PLAIN), _STOPPED, ["gradient:w"])
    self.assertLen(found, 1)
    self.assertEqual(found[0].cause, "op_structure")
    self.assertEqual(found[0].where.variable, "w")
    self.assertEqual(found[0].where.tf2.op, "net/stopped")
    self.assertIsNone(found[0].where.tf1.op)
    self.assertIn("stops it there", found[0].message)

  def test_stop_gradient_of_tf1_is_named(self) -> None:
    found = backward.missing(_STOPPED, _with_gradient(_PLAIN), ["gradient:w"])
    self.assertEqual(found[0].where.tf1.op, "net/stopped")
    self.assertIn("in the port, but none on tf1", found[0].message)

  def test_an_op_without_a_derivative_is_named(self) -> None:
    rounded = _model([("rounded", "Round", ("product",), _SAME)], "rounded")
    found = backward.missing(_with_gradient(_PLAIN), rounded, ["gradient:w"])
    self.assertEqual(found[0].where.tf2.op_type, "Round")
    self.assertIn("no derivative", found[0].message)

  def test_a_cast_to_integers_ends_a_gradient(self) -> None:
    whole = _SAME.astype(np.int32)
    cast = _model([("cast", "Cast", ("product",), whole)], "cast")
    found = backward.missing(_with_gradient(_PLAIN), cast, ["gradient:w"])
    self.assertEqual(found[0].where.tf2.op_type, "Cast")

  def test_a_variable_that_the_loss_does_not_reach(self) -> None:
    apart = _model([("square", "Square", ("x",), _SAME)], "square")
    found = backward.missing(_with_gradient(_PLAIN), apart, ["gradient:w"])
    self.assertIn("does not depend on it", found[0].message)

  def test_gradients_of_both_sides_are_no_matter(self) -> None:
    found = backward.missing(
      _with_gradient(_PLAIN), _with_gradient(_STOPPED), ["gradient:w"]
    )
    self.assertEmpty(found)

  def test_outputs_are_no_matter(self) -> None:
    self.assertEmpty(backward.missing(_PLAIN, _STOPPED, ["y", "loss:"]))


def _unclear(**changes: object) -> report_lib.Finding:
  place = report_lib.Place(op="net/MatMul", op_type="MatMul")
  where = report_lib.Where(variable="w", tf1=place, tf2=place)
  return fakes.make_finding("op_structure", **{"where": where, **changes})


class RefinedTest(absltest.TestCase):
  def test_stop_gradient_of_one_side_is_named(self) -> None:
    port = _model([], "product", side="tf2")
    found = backward.refined([_unclear()], _STOPPED, port, ["gradient:w"])
    self.assertLen(found, 1)
    self.assertEqual(found[0].where.tf1.op_type, "StopGradient")

  def test_stop_gradient_of_both_sides_stays_silent(self) -> None:
    finding = _unclear()
    found = backward.refined([finding], _STOPPED, _STOPPED, ["gradient:w"])
    self.assertEqual(found, [finding])

  def test_a_stop_that_the_variable_does_not_reach_stays_silent(self) -> None:
    labels = _model(
      [
        ("stopped", "StopGradient", ("x",), np.array([1.0, 2.0, 3.0])),
        ("sum", "AddV2", ("stopped", "product"), _SAME),
      ],
      "sum",
    )
    finding = _unclear()
    found = backward.refined([finding], labels, _PLAIN, ["gradient:w"])
    self.assertEqual(found, [finding])

  def test_the_stop_inside_moments_stays_silent(self) -> None:
    moments = _model(
      [
        ("stopped", "StopGradient", ("product",), _SAME),
        ("gap", "SquaredDifference", ("x", "stopped"), _SAME),
      ],
      "gap",
    )
    finding = _unclear()
    found = backward.refined([finding], moments, _PLAIN, ["gradient:w"])
    self.assertEqual(found, [finding])

  def test_equal_values_by_other_ops_are_named(self) -> None:
    kink = np.array([0.0, 2.0, 7.0])
    tf1 = _model([("kink", "Maximum", ("product",), kink)], "kink")
    tf2 = _model([("kink", "Relu", ("product",), kink)], "kink", side="tf2")
    place = report_lib.Place(op="gradients/net/product_grad/Mul", op_type="Mul")
    where = report_lib.Where(variable="w", tf1=place, tf2=place)
    found = backward.refined([_unclear(where=where)], tf1, tf2, ["gradient:w"])
    self.assertEqual(found[0].where.tf1.op_type, "Maximum")
    self.assertEqual(found[0].where.tf2.op_type, "Relu")

  def test_a_clear_finding_stays_as_it_is(self) -> None:
    finding = fakes.make_finding("constant")
    found = backward.refined([finding], _STOPPED, _PLAIN, ["gradient:w"])
    self.assertEqual(found, [finding])

  def test_nothing_is_refined_where_the_loss_differs(self) -> None:
    finding = _unclear()
    names = ["loss:", "gradient:w"]
    self.assertEqual(
      backward.refined([finding], _STOPPED, _PLAIN, names), [finding]
    )


class PartnersTest(absltest.TestCase):
  def test_the_traces_of_these_tests_pair(self) -> None:
    found = partners_lib.pair(_STOPPED, _PLAIN)
    self.assertTrue(found.are(2, 2))


if __name__ == "__main__":
  absltest.main()
