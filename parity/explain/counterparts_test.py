"""Tests of parity.explain.counterparts."""

from __future__ import annotations

from absl.testing import absltest

from parity.explain import blame
from parity.explain import counterparts
from parity.records import report as report_lib
from testing import fake_traces


def _trace(act="Relu", *, tail="Tanh", name="y"):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 6))
  w = made.variable("w", fake_traces.values(6, 5, seed=2))
  net = made.op("MatMul", x, w, named="net/MatMul")
  net = made.op(act, net, named="net/act")
  net = made.op("Exp", net, named="net/Exp")
  return made.build(**{name: made.op(tail, net, named="net/tail")})


def _found(left, right, *, parting=()):
  partners = blame.pair(left, right, list(left.outputs))
  return counterparts.find_counterparts(left, right, partners, parting=parting)


class CounterpartsTest(absltest.TestCase):
  def test_before_a_divergence_they_are_partners(self):
    left, right = _trace(), _trace("Tanh")
    found = _found(left, right)
    self.assertEqual(found[left.ops[0].outputs[0]].match, "value")
    self.assertEqual(
      found[left.ops[0].outputs[0]].tensor, right.ops[0].outputs[0]
    )

  def test_behind_it_ops_of_one_type_follow_each_other(self):
    left, right = _trace(), _trace("Tanh")
    found = _found(left, right, parting=[(1, 1)])
    self.assertEqual(
      [found[op.outputs[0]].match for op in left.ops[1:]], ["behind"] * 3
    )
    self.assertEqual(
      found[left.ops[2].outputs[0]].tensor, right.ops[2].outputs[0]
    )

  def test_an_op_of_another_type_is_none(self):
    left, right = _trace(), _trace("Tanh", tail="Square")
    found = _found(left, right)
    self.assertNotIn(left.ops[2].outputs[0], found)

  def test_what_is_left_of_the_outputs_goes_by_name(self):
    left, right = _trace(), _trace("Tanh", tail="Square")
    self.assertEqual(_found(left, right)[left.outputs["y"]].match, "name")
    other = _trace("Tanh", tail="Square", name="z")
    self.assertNotIn(left.outputs["y"], _found(left, other))


class OpOfPlaceTest(absltest.TestCase):
  def _number(self, **place):
    left, right = _trace(), _trace("Tanh")
    partners = blame.pair(left, right, ["y"])
    return counterparts.op_of_place(
      left, "tf1", report_lib.Place(**place), partners
    )

  def test_it_is_found_by_name_type_and_line(self):
    self.assertEqual(
      self._number(op="net/act", op_type="Relu", source="model.py:2"), 1
    )

  def test_another_line_is_another_op(self):
    self.assertIsNone(
      self._number(op="net/act", op_type="Relu", source="model.py:9")
    )


if __name__ == "__main__":
  absltest.main()
