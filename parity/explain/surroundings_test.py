"""Tests of counterparts, depth and surroundings, on traces made by hand."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.explain import counterparts
from parity.explain import depth
from parity.explain import partners as partners_lib
from parity.explain import surroundings
from parity.records import report as report_lib
from parity.records import sketch as sketch_lib
from parity.records import trace as trace_lib


def _tensor(value, root=None):
  array = np.asarray(value, np.float32)
  return trace_lib.TensorRecord(
    shape=array.shape,
    dtype="float32",
    digest=f"{array.tobytes().hex()}{array.shape}",
    finite=array.size,
    rms=float(np.sqrt(np.mean(np.square(array)))) if array.size else 0.0,
    peak=float(np.max(np.abs(array))) if array.size else 0.0,
    value=array,
    root=root,
  )


def _op(op_type, inputs, outputs, **changes):
  op = trace_lib.OpRecord(
    op_type=op_type,
    name=f"net/{op_type}",
    scope="net",
    attributes={},
    inputs=inputs,
    outputs=outputs,
    source=f"m.py:{outputs[0]}",
  )
  return dataclasses.replace(op, **changes)


def _trace(factor, *, alpha=0.2, rounding=0.0):
  """The chain x -> Relu -> Mul(factor) -> LeakyRelu(alpha) -> Sqrt."""
  x = np.array([1.0, 2.0, 3.0])
  scaled = x * factor + rounding
  tensors = (
    _tensor(x, "input:x"),
    _tensor(x + 0.5),
    _tensor(factor, "constant"),
    _tensor(scaled),
    _tensor(scaled * 7),
    _tensor(np.sqrt(scaled)),
  )
  ops = (
    _op("Relu", (0,), (1,)),
    _op("Mul", (1, 2), (3,)),
    _op("LeakyRelu", (3,), (4,), attributes={"alpha": alpha}),
    _op("Sqrt", (4,), (5,)),
  )
  return trace_lib.Trace(ops=ops, tensors=tensors, outputs={"logits": 5})


def _places(tf1, tf2, op):
  places = [
    report_lib.Place(o.name, o.op_type, o.scope, o.source)
    for t in (tf1, tf2)
    for o in t.ops
    if o.op_type == op
  ]
  return report_lib.Where(output="logits", tf1=places[0], tf2=places[1])


def _finding(tf1, tf2, op="Mul"):
  return report_lib.Finding(
    "constant", "It differs.", where=_places(tf1, tf2, op)
  )


class CounterpartsTest(absltest.TestCase):
  def test_before_a_divergence_by_value_and_behind_it_by_structure(self):
    tf1, tf2 = _trace(2.0), _trace(3.0)
    partners = partners_lib.pair(tf1, tf2)
    found = counterparts.find_counterparts(
      tf1, tf2, partners, parting=((1, 1),)
    )
    self.assertEqual(
      {t: (c.tensor, c.match) for t, c in found.items()},
      {
        0: (0, "value"),
        1: (1, "value"),
        3: (3, "behind"),
        4: (4, "behind"),
        5: (5, "behind"),
      },
    )

  def test_an_op_of_another_type_stands_beside_none(self):
    tf1, tf2 = _trace(2.0), _trace(3.0)
    other = dataclasses.replace(tf2.ops[2], op_type="Elu")
    tf2 = dataclasses.replace(tf2, ops=(*tf2.ops[:2], other, tf2.ops[3]))
    partners = partners_lib.pair(tf1, tf2)
    found = counterparts.find_counterparts(
      tf1, tf2, partners, parting=((1, 1),)
    )
    self.assertNotIn(4, found)
    self.assertEqual(found[5].match, "name")

  def test_equal_sides_have_only_partners(self):
    tf1, tf2 = _trace(2.0), _trace(2.0)
    found = counterparts.find_counterparts(
      tf1, tf2, partners_lib.pair(tf1, tf2)
    )
    self.assertEqual({c.match for c in found.values()}, {"value"})


class DepthTest(absltest.TestCase):
  def _points(self, tf1, tf2, **changes):
    partners = partners_lib.pair(tf1, tf2)
    found = counterparts.find_counterparts(
      tf1, tf2, partners, parting=((1, 1),)
    )
    return depth.depth_points(tf1, tf2, found, **changes)

  def test_the_error_is_of_the_largest_magnitude(self):
    points = self._points(_trace(2.0), _trace(3.0))
    self.assertEqual([p.op_type for p in points][:2], ["Relu", "Mul"])
    self.assertEqual(points[0].error, 0.0)
    self.assertAlmostEqual(points[1].error, 0.5)
    self.assertIsNone(points[1].noise)

  def test_the_noise_is_the_tf1_side_s_own(self):
    wide = _trace(2.0, rounding=6e-6)
    points = self._points(_trace(2.0), _trace(3.0), wide=wide)
    self.assertAlmostEqual(points[1].noise, 1e-6, delta=1e-7)

  def test_values_that_were_not_kept_give_a_lower_bound(self):
    whole, sketched = _trace(2.0), []
    for trace in (whole, _trace(3.0)):
      tensors = list(trace.tensors)
      sketch = sketch_lib.sketch_of(tensors[3].value)
      tensors[3] = dataclasses.replace(tensors[3], value=None, sketch=sketch)
      sketched.append(dataclasses.replace(trace, tensors=tuple(tensors)))
    points = self._points(*sketched, wide=whole)
    self.assertEqual(points[1].op_type, "Mul")
    self.assertAlmostEqual(points[1].error, 0.5)
    self.assertEqual(points[1].noise, 0.0)

  def test_what_is_not_finite_is_not_known(self):
    with np.errstate(invalid="ignore"):
      points = self._points(_trace(2.0), _trace(np.nan))
    self.assertIsNone(points[1].error)

  def test_a_trace_of_many_ops_is_thinned_to_the_worst(self):
    tensors = [_tensor([1.0], "input:x")]
    tensors += [_tensor([float(i)]) for i in range(1, 6001)]
    ops = tuple(_op("Relu", (i,), (i + 1,)) for i in range(6000))
    tf1 = trace_lib.Trace(ops=ops, tensors=tuple(tensors))
    worse = list(tensors)
    worse[3001] = _tensor([9e9])
    tf2 = dataclasses.replace(tf1, tensors=tuple(worse))
    same = {i: counterparts.Counterpart(i, "value") for i in range(6001)}
    points = depth.depth_points(tf1, tf2, same)
    self.assertLess(len(points), 2600)
    self.assertEqual(max(points, key=lambda p: p.error).order, 3000)


class NeighbourhoodTest(absltest.TestCase):
  def _nodes(self, tf1, tf2, op="Mul"):
    found = surroundings.with_neighbourhood(
      _finding(tf1, tf2, op), tf1, tf2, partners_lib.pair(tf1, tf2)
    )
    return found.neighbourhood

  def test_operands_makers_and_consumers_are_around_the_op(self):
    around = self._nodes(_trace(2.0), _trace(3.0))
    self.assertEqual(
      [(n.kind, n.label, n.role) for n in around.tf1],
      [
        ("input", "x", "agrees"),
        ("constant", "2", "differs"),
        ("op", "Relu", "agrees"),
        ("op", "Mul", "parts"),
        ("op", "LeakyRelu", "differs"),
      ],
    )
    mul = around.tf1[3]
    self.assertEqual(mul.inputs, (1, 2))

  def test_of_many_operands_six_are_shown(self):
    def stack(count, by):
      roots = [_tensor(np.arange(3.0) + n, f"input:x{n}") for n in range(count)]
      packed = _op("Pack", tuple(range(count)), (count,))
      return trace_lib.Trace(
        (packed,), (*roots, _tensor(np.ones(3) * by)), {"logits": count}
      )

    for count, shown in ((6, 6), (8, 6)):
      around = self._nodes(stack(count, 1), stack(count, 2), op="Pack")
      inputs = [n.label for n in around.tf1 if n.kind == "input"]
      self.assertEqual(inputs, [f"x{n}" for n in range(shown)])

  def test_equal_results_share_a_number(self):
    around = self._nodes(_trace(2.0), _trace(3.0))
    twins = [
      {n.label: n.twin for n in side if n.twin}
      for side in (around.tf1, around.tf2)
    ]
    self.assertEqual(twins[0], twins[1])
    self.assertEqual(set(twins[0]), {"x", "Relu"})

  def test_the_attributes_that_differ_are_told(self):
    around = self._nodes(_trace(2.0), _trace(3.0, alpha=0.3), op="LeakyRelu")
    (ours,) = [n for n in around.tf1 if n.role == "parts"]
    (theirs,) = [n for n in around.tf2 if n.role == "parts"]
    self.assertEqual(ours.settings, ("alpha=0.2",))
    self.assertEqual(theirs.settings, ("alpha=0.3",))

  def test_a_side_without_the_op_shows_who_uses_its_operands(self):
    tf1, tf2 = _trace(2.0), _trace(3.0)
    finding = _finding(tf1, tf2)
    where = dataclasses.replace(finding.where, tf2=report_lib.Place())
    finding = dataclasses.replace(finding, where=where)
    found = surroundings.with_neighbourhood(
      finding, tf1, tf2, partners_lib.pair(tf1, tf2)
    )
    labels = [n.label for n in found.neighbourhood.tf2]
    self.assertIn("Mul", labels)
    self.assertNotIn("parts", [n.role for n in found.neighbourhood.tf2])

  def test_a_finding_without_an_op_has_no_neighbourhood(self):
    tf1 = _trace(2.0)
    finding = report_lib.Finding("unknown", "They part.")
    found = surroundings.with_neighbourhood(
      finding, tf1, tf1, partners_lib.pair(tf1, tf1)
    )
    self.assertIsNone(found.neighbourhood)


if __name__ == "__main__":
  absltest.main()
