"""Tests for parity.explain.backward."""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional, Sequence, Tuple

from absl.testing import absltest
import numpy as np

from parity.explain import backward
from parity.explain import frontier
from parity.explain import partners as partners_lib
from parity.explain.causes import place as place_lib
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


class FollowsTest(absltest.TestCase):
  """Two sides that scale a product otherwise, and the slope of its square."""

  def _follows(self, *, scale: float, of: str = "squared") -> bool:
    def side(factor: float, name: str) -> trace_lib.Trace:
      scaled = _SAME * factor
      return _trace(
        [
          ("x", "input:x", (), _SAME),
          ("factor", "constant", (), np.array([factor])),
          ("scaled", "Mul", ("x", "factor"), scaled),
          ("squared", "Square", ("scaled",), scaled**2),
          ("other", "Square", ("x",), _SAME**2),
          (f"slope_{name}", "Mul", ("x", "x"), np.array([name == "tf1"] * 3)),
        ],
        {"loss:": "squared", "gradient:w": f"slope_{name}"},
        side=name,
      )

    tf1, tf2 = side(2.0, "tf1"), side(scale, "tf2")
    named = dataclasses.replace(
      tf1.ops[-1], name=f"gradients/net/{of}_grad/Mul"
    )
    tf1 = dataclasses.replace(tf1, ops=(*tf1.ops[:-1], named))
    partners = partners_lib.pair(tf1, tf2)
    told = frontier.Divergence(0, 0, (), "loss:")
    forward, slope, alone = (
      place_lib.place_at(each, tf1, tf2, partners)
      for each in (
        told,
        frontier.Divergence(3, 3, (), "gradient:w"),
        frontier.Divergence(None, 3, (), "gradient:w"),
      )
    )
    self.assertEqual(backward.causes_among([forward], [told]), [forward])
    self.assertEqual(backward.causes_among([slope], []), [slope])
    self.assertEqual(backward.causes_among([alone], [told]), [alone])
    return not backward.causes_among([slope, alone], [told])

  def test_the_slope_of_what_differs_forward_follows_from_it(self) -> None:
    self.assertTrue(self._follows(scale=3.0))

  def test_the_slope_of_what_agrees_forward_is_a_cause_of_its_own(self) -> None:
    self.assertFalse(self._follows(scale=3.0, of="other"))
    self.assertFalse(self._follows(scale=2.0))


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

  def test_three_variables_are_named_and_the_others_counted(self) -> None:
    for count, told in ((3, "v0, v1, v2"), (4, "v0, v1, v2 and 1 more")):
      names = [f"v{n}" for n in range(count)]
      roots: List[_Step] = [(n, f"variable:{n}", (), _SAME) for n in names]
      steps = [*roots, ("loss", "Sum", ("v0",), np.array([9.0]))]
      outputs = {f"gradient:{n}": n for n in names}
      tf1 = _trace(steps, {"loss:": "loss", **outputs})
      cut = [*roots, ("x", "input:x", (), _SAME)]
      tf2 = _trace(
        [*cut, ("loss", "Sum", ("x",), np.array([9.0]))],
        {"loss:": "loss"},
        side="tf2",
      )
      (found,) = backward.missing(tf1, tf2, list(outputs))
      self.assertRegex(found.message, rf"\b{told}\b(?! and)")

  def test_gradients_of_both_sides_are_no_matter(self) -> None:
    found = backward.missing(
      _with_gradient(_PLAIN), _with_gradient(_STOPPED), ["gradient:w"]
    )
    self.assertEmpty(found)

  def test_outputs_are_no_matter(self) -> None:
    self.assertEmpty(backward.missing(_PLAIN, _STOPPED, ["y", "loss:"]))


def _place(tf1: trace_lib.Trace, tf2: trace_lib.Trace) -> place_lib.Place:
  left, right = _with_gradient(tf1), _with_gradient(tf2)
  divergence = frontier.Divergence(None, None, (), "gradient:w")
  partners = partners_lib.pair(left, right)
  return place_lib.place_at(divergence, left, right, partners)


def _finding(ours: str, theirs: str) -> report_lib.Finding:
  """Gradients that part at the op of `product`'s own gradient."""
  op = "gradients/net/product_grad/Mul"
  where = report_lib.Where(
    variable="w",
    tf1=report_lib.Place(op=op, op_type=ours),
    tf2=report_lib.Place(op=theirs, op_type=theirs),
  )
  return fakes.make_finding("op_structure", where=where)


_UNCLEAR = _finding("Mul", "Mul")


class RefinedTest(absltest.TestCase):
  def test_stop_gradient_of_one_side_is_named(self) -> None:
    port = _model([], "product", side="tf2")
    found = backward.refined(_UNCLEAR, _place(_STOPPED, port))
    self.assertEqual(found.where.tf1.op_type, "StopGradient")
    self.assertEqual(found.max_abs, _UNCLEAR.max_abs)

  def test_stop_gradient_of_both_sides_stays_silent(self) -> None:
    found = backward.refined(_UNCLEAR, _place(_STOPPED, _STOPPED))
    self.assertIs(found, _UNCLEAR)

  def test_a_stop_that_the_variable_does_not_reach_stays_silent(self) -> None:
    labels = _model(
      [
        ("stopped", "StopGradient", ("x",), np.array([1.0, 2.0, 3.0])),
        ("sum", "AddV2", ("stopped", "product"), np.array([4.0, 4.0, 9.0])),
      ],
      "sum",
    )
    found = backward.refined(_UNCLEAR, _place(labels, _PLAIN))
    self.assertIs(found, _UNCLEAR)

  def test_the_stop_inside_moments_stays_silent(self) -> None:
    moments = _model(
      [
        ("stopped", "StopGradient", ("product",), _SAME),
        (
          "gap",
          "SquaredDifference",
          ("x", "stopped"),
          np.array([4.0, 0.0, 8.0]),
        ),
      ],
      "gap",
    )
    found = backward.refined(_UNCLEAR, _place(moments, _PLAIN))
    self.assertIs(found, _UNCLEAR)

  def test_equal_values_by_other_ops_are_named(self) -> None:
    kink = np.array([0.0, 2.0, 7.0])
    tf1 = _model([("kink", "Maximum", ("product",), kink)], "kink")
    tf2 = _model([("kink", "Relu", ("product",), kink)], "kink", side="tf2")
    found = backward.refined(_UNCLEAR, _place(tf1, tf2))
    self.assertEqual(found.where.tf1.op_type, "Maximum")
    self.assertEqual(found.where.tf2.op_type, "Relu")

  def test_other_ops_behind_a_clear_parting_stay_silent(self) -> None:
    kink = np.array([0.0, 2.0, 7.0])
    tf1 = _model([("kink", "Maximum", ("product",), kink)], "kink")
    tf2 = _model([("kink", "Relu", ("product",), kink)], "kink", side="tf2")
    finding = _finding("Mul", "Neg")
    self.assertIs(backward.refined(finding, _place(tf1, tf2)), finding)

  def test_another_cause_stays_as_it_is(self) -> None:
    finding = fakes.make_finding("constant")
    found = backward.refined(finding, _place(_STOPPED, _PLAIN))
    self.assertIs(found, finding)

  def test_where_the_loss_differs_it_is_no_matter_of_gradients(self) -> None:
    self.assertTrue(backward.is_of_gradients(["gradient:w"]))
    self.assertFalse(backward.is_of_gradients(["loss:", "gradient:w"]))


if __name__ == "__main__":
  absltest.main()
