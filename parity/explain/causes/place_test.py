"""Tests of parity.explain.causes.place."""

from __future__ import annotations

import dataclasses

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain.causes import place as place_lib
from testing import fake_traces


def _trace(act="Relu", *, name="y"):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(4, 6))
  w = made.variable("net/w", fake_traces.values(6, 3, seed=2))
  net = made.op("MatMul", x, w, named="net/fc/MatMul", line=7)
  return made.build(**{name: made.op(act, net, named="net/fc/act", line=8)})


def _place(*, name="y"):
  left, right = _trace(name=name), _trace("Tanh", name=name)
  return blame.first_places(left, right, [name])[0]


class PlaceTest(absltest.TestCase):
  def test_it_has_the_ops_of_both_sides(self):
    place = _place()
    self.assertEqual(place.tf1_op.op_type, "Relu")
    self.assertEqual(place.tf2_op.op_type, "Tanh")
    self.assertEqual(place.pair.tf1, place.tf1_op)

  def test_a_finding_there_names_op_scope_and_line(self):
    where = place_lib.where_of(_place())
    self.assertEqual(where.output, "y")
    self.assertEqual(where.tf1.op, "net/fc/act")
    self.assertEqual(where.tf1.scope, "net/fc")
    self.assertEqual(where.tf1.source, "model.py:8")

  def test_a_gradient_is_named_by_its_variable(self):
    where = place_lib.where_of(_place(name="gradient:net/w"))
    self.assertEqual(where.variable, "net/w")
    self.assertIsNone(where.output)

  def test_figures_are_of_the_results_there(self):
    place = _place()
    left, right = place.output_values()
    largest, relative = place_lib.figures(place)
    self.assertAlmostEqual(largest, float(np.max(np.abs(left - right))), 6)
    self.assertIsNotNone(relative)

  def _figures(self, left, right):
    """Figures of a place whose ops gave these."""
    place = _place()
    sides = []
    for trace, op, value in (
      (place.tf1, place.tf1_op, left),
      (place.tf2, place.tf2_op, right),
    ):
      tensors = list(trace.tensors)
      result = op.outputs[0]
      tensors[result] = dataclasses.replace(tensors[result], value=value)
      sides.append(dataclasses.replace(trace, tensors=tuple(tensors)))
    return place_lib.figures(
      dataclasses.replace(place, tf1=sides[0], tf2=sides[1])
    )

  def test_what_cannot_be_subtracted_has_no_figures(self):
    text, empty = np.array(["a", "b"]), np.zeros(0, np.float32)
    for left, right in (
      (np.ones(2), None),
      (None, np.ones(2)),
      (np.ones(2), np.ones(3)),
      (np.ones((2, 1)), np.ones(2)),
      (empty, empty),
      (text, text),
    ):
      self.assertEqual(self._figures(left, right), (None, None))

  def test_what_can_has_both(self):
    found = self._figures(np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    self.assertEqual(found, (1.0, 0.5))

  def test_an_op_with_results_is_in_no_loop(self):
    place = _place()
    self.assertFalse(place_lib.is_in_loop(place.tf1_op, place.tf1))

  def test_no_op_has_a_name_too(self):
    self.assertEqual(place_lib.named(None), "no such op")
    self.assertEqual(place_lib.named(_place().tf1_op), "Relu (net/fc/act)")


if __name__ == "__main__":
  absltest.main()
