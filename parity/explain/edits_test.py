"""Tests of parity.explain.edits: what is proposed, and what is not."""

from __future__ import annotations

from absl.testing import absltest
import numpy as np

from parity.explain import blame
from parity.explain import edits
from testing import fake_traces


def _network(*, alpha=0.2, epsilon=1e-3):
  made = fake_traces.TraceMaker()
  x = made.input("x", fake_traces.values(5, 4))
  y = made.input("y", fake_traces.values(5, 4, seed=2))
  net = made.op("LeakyRelu", made.op("Sub", x, y), alpha=alpha)
  net = made.op("AddV2", made.op("Square", net), made.constant(epsilon))
  return made.build(y=made.op("Sqrt", net))


def _place(left, right):
  (place, *_) = blame.first_places(left, right, ["y"])
  return place


class EditsTest(absltest.TestCase):
  def _kinds(self, **changes):
    place = _place(_network(), _network(**changes))
    return {edit.kind for edit in edits.candidates(place)}

  def test_attributes_are_proposed_where_they_differ(self):
    self.assertIn("attribute", self._kinds(alpha=0.3))
    self.assertNotIn("attribute", self._kinds(epsilon=0.5))

  def test_constants_are_proposed_from_those_of_tf1(self):
    place = _place(_network(), _network(epsilon=0.5))
    values = [
      float(np.asarray(edit.ours))
      for edit in edits.candidates(place)
      if edit.kind == "constant"
    ]
    self.assertTrue(any(abs(value - 1e-3) < 1e-9 for value in values), values)

  def test_nothing_is_proposed_that_is_there_already(self):
    place = _place(_network(), _network(epsilon=0.5))
    for edit in edits.candidates(place):
      if edit.kind == "constant":
        self.assertFalse(np.array_equal(edit.ours, edit.theirs))


if __name__ == "__main__":
  absltest.main()
